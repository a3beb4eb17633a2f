// Vector kernels whose results have the same bits on every CPU.
//
// Every kernel uses only IEEE-754 additions, multiplications, divisions and square roots in a fixed order, with contraction
// into fused operations switched off. The compiler makes one copy per instruction set (SSE2, AVX2, AVX-512, or NEON on arm64);
// the copies differ in speed, not in results. All arrays may alias exactly (in place) but not overlap otherwise.
#ifndef CVECTORMATH_H
#define CVECTORMATH_H

#include <stddef.h>
#include <stdint.h>

/// y[i] = exp(x[i]). Error below 1 ulp, subnormal results included; +inf above 709.79, 0 below -745.14; NaN stays NaN.
void cvm_exp(const double *x, double *y, size_t n);

/// y[i] = natural logarithm of x[i]. Error below 1 ulp; -inf at 0, NaN below 0; +inf and NaN stay.
void cvm_log(const double *x, double *y, size_t n);

/// z[i] = standard normal quantile of p[i] in (0, 1), algorithm AS 241 (PPND16), relative error about 1e-15.
/// -inf at 0, +inf at 1, NaN outside.
void cvm_normal_quantile(const double *p, double *z, size_t n);

/// p[i] = P(Z <= z[i]) for a standard normal Z. Relative error of the smaller tail under 1e-14 down to the smallest normal numbers;
/// 0 below -38, 1 above 8.3; NaN stays NaN.
void cvm_normal_cumulative(const double *z, double *p, size_t n);

/// The same functions for one value, with the same bits as the array forms.
double cvm_exp1(double x);
double cvm_log1(double x);
double cvm_normal_quantile1(double p);
double cvm_normal_cumulative1(double z);

/// The smallest and the largest of n > 0 values, none of them NaN.
void cvm_range(const double *x, size_t n, double *lowest, double *highest);

/// bucket[i] = the whole part of (x[i] - lowest) * scale, which must lie in 0 ... 65535. The arrays must not overlap.
void cvm_buckets(const double *x, size_t n, double lowest, double scale, uint16_t *bucket);

/// y[i + k] += a[i] * b[i] * weights[k] for i in 0 ..< n and k in 0 ..< 6; y has n + 5 elements, the scratch array products n + 10.
void cvm_spread_products(const double *a, const double *b, size_t n, const double *weights, double *products, double *y);

/// One block of Philox4x32-10 (Salmon et al., SC11): output = bijection of counter under key.
void cvm_philox4x32(const uint32_t counter[4], const uint32_t key[2], uint32_t output[4]);

/// u[i] for i in 0 ..< n: the uniform in (0, 1) of draw number first + i. It is built from 52 bits as (k + 1/2) / 2^52, so it is
/// never 0 or 1 and 1 - u is exact. Draws 2j and 2j + 1 share the block whose counter is {j low, j high, item, substream}.
void cvm_uniforms(uint64_t key, uint32_t item, uint32_t substream, uint64_t first, double *u, size_t n);

#endif
