"""Makes elementary_functions.json: exp, log, tanh, sigmoid, softplus, log1p, expm1, the normal distribution and smooth clipping of float32 numbers, to double precision.

    python3 elementary_functions.py

Requirements: Python 3.11, mpmath 1.3.0. Values are computed with 50 digits (and again with 100, which must give the
same), then rounded to float64; the error is half an ulp of a double, 2**-30 ulp of a float.

For each function:
    inputs         float32 numbers as their bit patterns (uint32)
    outputs        the function's values (float64); they can be beyond the range of float32: exp(100) is 2.7e43 and must
                   become infinite there, exp(-110) must become 0
    limitInputs    the same for inputs that are infinite or NaN, or whose value is not a finite double
    limitOutputs   their values as text, because JSON has no infinity: "inf", "-inf", "nan" or a finite limit: "1.0"
"""

import json
import math
import random
import struct
from pathlib import Path

from mpmath import mp

FILE = Path(__file__).with_name("elementary_functions.json")
COUNT = 60

FUNCTIONS = {
    "exp": mp.exp,
    "log": mp.log,
    "tanh": mp.tanh,
    "sigmoid": lambda x: 1 / (1 + mp.exp(-x)),
    "softplus": lambda x: mp.log1p(mp.exp(x)),
    "log1p": mp.log1p,
    "expm1": mp.expm1,
    "normalDistribution": lambda x: mp.erfc(-x / mp.sqrt(2)) / 2,
    "smoothClip": lambda x: x / mp.sqrt(1 + (x / 3) ** 2),
}

# f(-inf), f(inf), f(-0), f(0)
LIMITS = {
    "exp": (0.0, math.inf, 1.0, 1.0),
    "log": (math.nan, math.inf, -math.inf, -math.inf),
    "tanh": (-1.0, 1.0, -0.0, 0.0),
    "sigmoid": (0.0, 1.0, 0.5, 0.5),
    "softplus": (0.0, math.inf, math.log(2), math.log(2)),
    "log1p": (math.nan, math.inf, -0.0, 0.0),
    "expm1": (-1.0, math.inf, -0.0, 0.0),
    "normalDistribution": (0.0, 1.0, 0.5, 0.5),
    "smoothClip": (-3.0, 3.0, -0.0, 0.0),
}

SMALLEST, SMALLEST_NORMAL, LARGEST = 2.0**-149, 2.0**-126, (2 - 2.0**-23) * 2.0**127
LARGEST_SUBNORMAL = SMALLEST_NORMAL - SMALLEST
TINY = [SMALLEST, 3 * SMALLEST, LARGEST_SUBNORMAL, SMALLEST_NORMAL, 1e-30, 1e-10, 2.0**-25, 2.0**-24, 1e-5, 1e-3]
BOTH_SIGNS_OF_TINY = [sign * x for x in TINY for sign in (1, -1)]

# Inputs that matter; random ones from the intervals beside them fill up to COUNT.
INPUTS = {
    # Overflow of float32 at 88.7228, subnormal results below -87.3365, 0 below -103.972; half-way points of the
    # reduction modulo log 2.
    "exp": (
        BOTH_SIGNS_OF_TINY
        + [0.34657359, -0.34657359, 0.6931472, -0.6931472, 1, -1, 10, -10, 88, 88.72283, 88.72284, 89, 100, 700]
        + [-87, -87.33654, -87.33655, -88, -95.5, -103.27893, -103.97207, -103.97208, -104, -110, -700],
        [(-1, 1), (-87, 88)],
    ),
    "log": (
        TINY
        + [1, 1 + 2.0**-23, 1 - 2.0**-24, 1 + 1e-3, 1 - 1e-3, 0.5, 0.70710677, 0.70710683, 1.4142135, 1.4142137]
        + [2, math.e, 3, 10, 1000, 2.0**23, 2.0**24 + 2, 1e10, 1e30, 2.0**127, LARGEST],
        [(0.5, 2), (0, 1e-6), (0, 100), (0, 1e38)],
    ),
    # Rounds to 1 in float32 above 9.01.
    "tanh": (
        BOTH_SIGNS_OF_TINY
        + [0.01, -0.01, 0.1, 0.25, -0.5, 0.5493061, 0.625, 1, -1, 2, -4, 7.9, 8, 9]
        + [9.0109, 9.011, -9.02, 10, 20, -50, 1e10, LARGEST, -LARGEST],
        [(-1, 1), (-9, 9)],
    ),
    # Rounds to 1 in float32 above 17.3; subnormal below -87.3365; 0 below -103.972.
    "sigmoid": (
        BOTH_SIGNS_OF_TINY
        + [0.5, -0.5, 1, -1, 5, -5, 10, -10, 16.6, 17.3, 17.4, 30, 88.8, 104, LARGEST]
        + [-17, -50, -87.33654, -88, -88.8, -100, -103.9, -104, -110, -700, -1000, -LARGEST],
        [(-1, 1), (-20, 20)],
    ),
    # x itself in float32 above about 16; exp(x) below about -17.
    "softplus": (
        BOTH_SIGNS_OF_TINY
        + [0.5, -0.5, 1, -1, 5, -5, 10, -10, 15.9, 16.7, 20, 88.8, 1000, 1e10, LARGEST]
        + [-16.7, -20, -50, -87.33654, -88, -100, -103.9, -104, -110, -700, -1000, -LARGEST],
        [(-1, 1), (-20, 20)],
    ),
    "log1p": (
        BOTH_SIGNS_OF_TINY
        + [0.1, -0.1, 0.41421354, 0.4142136, -0.29289323, -0.2928932, 0.5, -0.5, 1, -0.9, -0.99, -0.999, -0.99999, -1 + 2.0**-24]
        + [1.7182818, 2, 10, 1000, 2.0**23, 2.0**24, 2.0**25, 1e10, 1e30, LARGEST],
        [(-0.5, 0.5), (-1, 1), (0, 100)],
    ),
    # Computed for x <= 0 alone; -1 in float32 below about -17.
    "expm1": (
        [-x for x in TINY]
        + [-0.34657359, -0.3465736, -0.5, -0.6931472, -1, -1.0397208, -2, -5, -10, -16, -17, -17.5, -20, -50, -87]
        + [-88, -104, -700, -LARGEST],
        [(-1, 0), (-20, 0)],
    ),
    # Subnormal in float32 below about -12.98, 0 below -14.17.
    "normalDistribution": (
        BOTH_SIGNS_OF_TINY
        + [0.5, -0.5, 1, -1, 2.5, -2.5, 3, -3, 5, -5, 5.4, 5.5, 8, 15, 16, 100]
        + [-8, -10, -12, -12.9, -13, -13.5, -14, -14.1, -14.2, -15, -15.5, -20, -30],
        [(-1, 1), (-14, 5)],
    ),
    # 3 in float32 above about 12,000; squares are beyond it above 1.8e19.
    "smoothClip": (
        BOTH_SIGNS_OF_TINY
        + [0.5, -0.5, 1, -1, 3, -3, 5, -10, 100, -1000, 2.0**20, 2.0**20 + 1, -(2.0**20), 1e10, -1e19, 1e30]
        + [LARGEST, -LARGEST],
        [(-1, 1), (-20, 20), (-20000, 20000)],
    ),
}


def bits(x):
    return struct.unpack("<I", struct.pack("<f", x))[0]


def number(pattern):
    return struct.unpack("<f", struct.pack("<I", pattern))[0]


def value(function, x):
    """The double nearest to the function's value, for a finite x that is not 0."""

    def computed(digits):
        with mp.workdps(digits):
            exact = FUNCTIONS[function](mp.mpf(x))
            if not isinstance(exact, mp.mpf) or not mp.isfinite(exact):
                return -math.inf if mp.isinf(exact) else math.nan  # log(0), log(-1)
            if exact != 0 and abs(exact) < mp.mpf(2) ** -1074:
                return 0.0
            # Subnormal doubles would be rounded twice.
            assert exact == 0 or abs(exact) > mp.mpf(2) ** -1022, (function, x)
            return math.inf if exact > mp.mpf(2) ** 1023 else float(exact)

    result = computed(50)
    assert repr(result) == repr(computed(100)), (function, x)
    return result


def table(function):
    given, intervals = INPUTS[function]
    source = random.Random(function)
    patterns = {bits(x) for x in given}
    while len(patterns) < COUNT:
        patterns.add(bits(source.uniform(*intervals[len(patterns) % len(intervals)])))
    result = {"inputs": [], "outputs": [], "limitInputs": [], "limitOutputs": []}

    def append(pattern, output):
        finite = math.isfinite(output) and math.isfinite(number(pattern))
        result["inputs" if finite else "limitInputs"].append(pattern)
        result["outputs" if finite else "limitOutputs"].append(output if finite else repr(output))

    for x, output in zip((-math.inf, math.inf, -0.0, 0.0), LIMITS[function]):
        append(bits(x), output)
    append(0x7FC0_0000, math.nan)
    outside = {"exp": [1000, LARGEST], "log": [-SMALLEST, -1, -LARGEST], "log1p": [-1, -1 - 2.0**-23, -LARGEST]}
    for x in outside.get(function, []):
        append(bits(x), value(function, x))
    for pattern in sorted(patterns, key=number):
        append(pattern, value(function, number(pattern)))
    return result


if __name__ == "__main__":
    lines = []
    for function in FUNCTIONS:
        result = table(function)
        rows = ",\n".join(f"  {json.dumps(key)}: {json.dumps(values)}" for key, values in result.items())
        lines.append(f"{json.dumps(function)}: {{\n{rows}\n}}")
        outputs = result["outputs"]
        print(f"{function:8} {len(outputs)} + {len(result['limitOutputs'])} values, {min(outputs):.3g} ... {max(outputs):.3g}")
    FILE.write_text("{\n" + ",\n".join(lines) + "\n}\n")
