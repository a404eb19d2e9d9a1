"""Makes philox.json: known answers of the block function Philox4x32-10.

    python3 philox.py

Requirements: Python 3.11. With NumPy (2.4.6) one more check is made.

The first three vectors are those of Random123 (Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as
1, 2, 3", SC 2011; file kat_vectors), and the implementation here must give them; the other twenty are made with it.
NumPy cannot check those: its Philox is 4x64-10. So the implementation is written for any word size, and its 4x64-10
is compared with NumPy's.
"""

import json
import random
from pathlib import Path

FILE = Path(__file__).with_name("philox.json")

# Word size: the two multipliers, the two increments of the key (golden ratio, sqrt(3) - 1).
CONSTANTS = {
    32: ((0xD2511F53, 0xCD9E8D57), (0x9E3779B9, 0xBB67AE85)),
    64: ((0xD2E7470EE14C6C93, 0xCA5A826395121157), (0x9E3779B97F4A7C15, 0xBB67AE8584CAA73B)),
}

RANDOM123 = [
    ("00000000 00000000 00000000 00000000", "00000000 00000000", "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
    ("ffffffff ffffffff ffffffff ffffffff", "ffffffff ffffffff", "408f276d 41c83b0e a20bc7c6 6d5451fd"),
    ("243f6a88 85a308d3 13198a2e 03707344", "a4093822 299f31d0", "d16cfe09 94fdcceb 5001e420 24126ea1"),
]


def philox(counter, key, size=32, rounds=10):
    mask = (1 << size) - 1
    multipliers, increments = CONSTANTS[size]
    for _ in range(rounds):
        product0 = multipliers[0] * counter[0]
        product1 = multipliers[1] * counter[2]
        counter = [
            (product1 >> size) ^ counter[1] ^ key[0],
            product1 & mask,
            (product0 >> size) ^ counter[3] ^ key[1],
            product0 & mask,
        ]
        key = [(word + increment) & mask for word, increment in zip(key, increments)]
    return counter


def words(text):
    return [int(word, 16) for word in text.split()]


def check_with_numpy():
    try:
        import numpy as np
    except ImportError:
        return "not compared with NumPy, which is not here"
    source = random.Random(1)
    for _ in range(100):
        counter = [source.getrandbits(64) for _ in range(4)]
        key = [source.getrandbits(64) for _ in range(2)]
        # NumPy adds 1 to its counter before it makes a block.
        before = [counter[0] - 1 & (1 << 64) - 1, *counter[1:]]
        assert counter[0] > 0
        generator = np.random.Philox(counter=np.array(before, np.uint64), key=np.array(key, np.uint64))
        assert generator.random_raw(4).tolist() == philox(counter, key, size=64)
    return f"4x64-10 agrees with NumPy {np.__version__}"


if __name__ == "__main__":
    vectors = []
    for counter, key, output in RANDOM123:
        assert philox(words(counter), words(key)) == words(output)
        vectors.append({"counter": words(counter), "key": words(key), "output": words(output)})
    source = random.Random(4321)
    for _ in range(20):
        counter = [source.getrandbits(32) for _ in range(4)]
        key = [source.getrandbits(32) for _ in range(2)]
        vectors.append({"counter": counter, "key": key, "output": philox(counter, key)})
    FILE.write_text('{"vectors": [\n' + ",\n".join(json.dumps(vector) for vector in vectors) + "\n]}\n")
    print(f"{len(vectors)} vectors; {check_with_numpy()}")
