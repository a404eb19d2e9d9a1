"""Prints the coefficients of `scaledNormalTail` in ElementaryFunctions.swift.

    python3 normal_tail.py

Requirements: numpy 2, scipy 1. P(k) / (t + 2.5), k = (t - 2.5) / (t + 2.5), approximates erfcx(t / sqrt 2) / 2 for 0 <= t <= 15
with the least greatest relative error (Lawson's iteration of weighted least squares). Prints that error, the error in ulps when
computed in float32 with fused multiply-adds, and the coefficients, the constant one first.
"""

import numpy as np
from scipy.special import erfcx

CENTER, DEGREE = 2.5, 9


def ratio(t):
    return 0.5 * erfcx(t / np.sqrt(2))


def fma(a, b, c):
    return (a.astype(float) * b.astype(float) + float(c)).astype(np.float32)


t = np.concatenate([np.linspace(0, 15, 6001), np.geomspace(1e-4, 15, 4001)])
k, y = (t - CENTER) / (t + CENTER), ratio(t) * (t + CENTER)
basis, weights = np.polynomial.chebyshev.chebvander(k, DEGREE), np.ones_like(t)
for _ in range(25):
    scale = np.sqrt(weights) / y
    coefficients = np.linalg.lstsq(basis * scale[:, None], y * scale, rcond=None)[0]
    error = np.abs(basis @ coefficients / y - 1)
    weights *= error / error.max() + 1e-6
    weights /= weights.max()
polynomial = np.polynomial.chebyshev.cheb2poly(coefficients).astype(np.float32)

t = np.linspace(0, 15, 300001).astype(np.float32)
reciprocal = np.float32(1) / (t + np.float32(CENTER))
k = (t - np.float32(CENTER)) * reciprocal
result = np.full_like(t, polynomial[-1])
for coefficient in polynomial[-2::-1]:
    result = fma(result, k, coefficient)
exact = ratio(t.astype(float))
ulps = np.abs((result * reciprocal).astype(float) - exact) / np.spacing(exact.astype(np.float32))
print(f"relative error {error.max():.3g}, {ulps.max():.3f} ulp in float32")
print([float(f"{x:.12g}") for x in polynomial])
