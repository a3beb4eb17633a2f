#include "CVectorMath.h"

#include <math.h>
#include <string.h>

// A fused multiply-add rounds once where two operations round twice: with it, results would depend on the CPU.
#pragma STDC FP_CONTRACT OFF

#if defined(__x86_64__) && defined(__linux__) && defined(__clang__)
#define CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define CLONES
#endif
#define INLINE static inline __attribute__((always_inline))

// The square root of the C library may set errno: a loop with it would run one number at a time. The root itself is the same.
#if defined(__has_builtin)
#if __has_builtin(__builtin_elementwise_sqrt)
#define SQUARE_ROOT __builtin_elementwise_sqrt
#endif
#endif
#ifndef SQUARE_ROOT
#define SQUARE_ROOT __builtin_sqrt
#endif

INLINE uint64_t bits_of(double x) {
  uint64_t b;
  memcpy(&b, &x, sizeof b);
  return b;
}

INLINE double double_of(uint64_t b) {
  double x;
  memcpy(&x, &b, sizeof x);
  return x;
}

// 1.5 * 2^52: adding it leaves the nearest integer in the low bits of the significand.
#define ROUNDING_CONSTANT 6755399441055744.0

// ---- exp -----------------------------------------------------------------------------------------------------------------
// x = k ln 2 + r with |r| <= ln 2 / 2; exp(r) = 1 + (r + r^2 q(r)) by its Taylor series (remainder below 2^-57);
// then times 2^k in two steps, so that subnormal results round once.
INLINE double exp_kernel(double x) {
  double c = x > 710.0 ? 710.0 : x;
  c = c < -746.0 ? -746.0 : c;
  double t = c * 1.44269504088896338700e+00 + ROUNDING_CONSTANT;
  double k = t - ROUNDING_CONSTANT;
  double r = (c - k * 6.93147180369123816490e-01) - k * 1.90821492927058770002e-10;
  double q = 1.0 / 6227020800.0;
  q = q * r + 1.0 / 479001600.0;
  q = q * r + 1.0 / 39916800.0;
  q = q * r + 1.0 / 3628800.0;
  q = q * r + 1.0 / 362880.0;
  q = q * r + 1.0 / 40320.0;
  q = q * r + 1.0 / 5040.0;
  q = q * r + 1.0 / 720.0;
  q = q * r + 1.0 / 120.0;
  q = q * r + 1.0 / 24.0;
  q = q * r + 1.0 / 6.0;
  q = q * r + 0.5;
  double y = 1.0 + (r + r * r * q);
  uint64_t biased = bits_of(t) - bits_of(ROUNDING_CONSTANT) + 2048;  // k + 2048 > 0
  uint64_t half = biased >> 1;
  uint64_t first = (half - 1024 + 1023) << 52;
  uint64_t second = (biased - half - 1024 + 1023) << 52;
  return y * double_of(first) * double_of(second);
}

// In place, one pointer; else two that do not overlap: with two possibly equal pointers the compiler's overlap test would choose the
// loop without vectors.
CLONES void cvm_exp(const double *x, double *y, size_t n) {
  if (x == y) {
    for (size_t i = 0; i < n; i++) y[i] = exp_kernel(y[i]);
    return;
  }
  const double *restrict from = x;
  double *restrict to = y;
  for (size_t i = 0; i < n; i++) to[i] = exp_kernel(from[i]);
}

double cvm_exp1(double x) { return exp_kernel(x); }

// ---- log -----------------------------------------------------------------------------------------------------------------
// x = 2^k m with m in [sqrt(1/2), sqrt 2); with f = m - 1 and s = f / (2 + f), log m = f - (f^2/2 - s (f^2/2 + R(s^2))),
// R the minimax polynomial published with fdlibm's e_log.c (Sun Microsystems 1993), error below 2^-58.
INLINE double log_kernel(double x) {
  double scaled = x < 2.2250738585072014e-308 ? x * 18014398509481984.0 : x;  // 2^54
  double shift = x < 2.2250738585072014e-308 ? -54.0 : 0.0;
  uint64_t b = bits_of(scaled);
  uint64_t offset = b - 0x3fe6a09e667f3bcdULL;  // sqrt(1/2)
  uint64_t exponent = (offset + (2048ULL << 52)) >> 52;  // k + 2048
  double m = double_of(b - ((exponent - 2048) << 52));
  double k = (double_of(bits_of(ROUNDING_CONSTANT) + exponent) - ROUNDING_CONSTANT) - 2048.0 + shift;
  double f = m - 1.0;
  double s = f / (2.0 + f);
  double z = s * s;
  double w = z * z;
  double even = w * (3.999999999940941908e-01 + w * (2.222219843214978396e-01 + w * 1.531383769920937332e-01));
  double odd = z * (6.666666666666735130e-01
                    + w * (2.857142874366239149e-01 + w * (1.818357216161805012e-01 + w * 1.479819860511658591e-01)));
  double half_square = 0.5 * f * f;
  double value = k * 6.93147180369123816490e-01
                 - ((half_square - (s * (half_square + (even + odd)) + k * 1.90821492927058770002e-10)) - f);
  value = x == 0.0 ? -INFINITY : value;
  value = x < 0.0 ? NAN : value;
  value = x == INFINITY ? x : value;
  return x != x ? x : value;
}

CLONES void cvm_log(const double *x, double *y, size_t n) {
  if (x == y) {
    for (size_t i = 0; i < n; i++) y[i] = log_kernel(y[i]);
    return;
  }
  const double *restrict from = x;
  double *restrict to = y;
  for (size_t i = 0; i < n; i++) to[i] = log_kernel(from[i]);
}

double cvm_log1(double x) { return log_kernel(x); }

// ---- normal quantile -----------------------------------------------------------------------------------------------------
// Wichura, Algorithm AS 241, Applied Statistics 37 (1988): rational approximations in q = p - 1/2 for |q| <= 0.425, else in
// r = sqrt(-log(min(p, 1 - p))).
INLINE double quantile_centre(double q) {
  double r = 0.180625 - q * q;
  double a = 2.5090809287301226727e+3;
  a = a * r + 3.3430575583588128105e+4;
  a = a * r + 6.7265770927008700853e+4;
  a = a * r + 4.5921953931549871457e+4;
  a = a * r + 1.3731693765509461125e+4;
  a = a * r + 1.9715909503065514427e+3;
  a = a * r + 1.3314166789178437745e+2;
  a = a * r + 3.3871328727963666080e0;
  double b = 5.2264952788528545610e+3;
  b = b * r + 2.8729085735721942674e+4;
  b = b * r + 3.9307895800092710610e+4;
  b = b * r + 2.1213794301586595867e+4;
  b = b * r + 5.3941960214247511077e+3;
  b = b * r + 6.8718700749205790830e+2;
  b = b * r + 4.2313330701600911252e+1;
  b = b * r + 1.0;
  return q * a / b;
}

INLINE double quantile_tail(double p) {
  double smaller = p < 0.5 ? p : 1.0 - p;
  double r = SQUARE_ROOT(-log_kernel(smaller));
  double n = r - 1.6;
  double c = 7.74545014278341407640e-4;
  c = c * n + 2.27238449892691845833e-2;
  c = c * n + 2.41780725177450611770e-1;
  c = c * n + 1.27045825245236838258e0;
  c = c * n + 3.64784832476320460504e0;
  c = c * n + 5.76949722146069140550e0;
  c = c * n + 4.63033784615654529590e0;
  c = c * n + 1.42343711074968357734e0;
  double d = 1.05075007164441684324e-9;
  d = d * n + 5.47593808499534494600e-4;
  d = d * n + 1.51986665636164571966e-2;
  d = d * n + 1.48103976427480074590e-1;
  d = d * n + 6.89767334985100004550e-1;
  d = d * n + 1.67638483018380384940e0;
  d = d * n + 2.05319162663775882187e0;
  d = d * n + 1.0;
  double f = r - 5.0;
  double e = 2.01033439929228813265e-7;
  e = e * f + 2.71155556874348757815e-5;
  e = e * f + 1.24266094738807843860e-3;
  e = e * f + 2.65321895265761230930e-2;
  e = e * f + 2.96560571828504891230e-1;
  e = e * f + 1.78482653991729133580e0;
  e = e * f + 5.46378491116411436990e0;
  e = e * f + 6.65790464350110377720e0;
  double g = 2.04426310338993978564e-15;
  g = g * f + 1.42151175831644588870e-7;
  g = g * f + 1.84631831751005468180e-5;
  g = g * f + 7.86869131145613259100e-4;
  g = g * f + 1.48753612908506148525e-2;
  g = g * f + 1.36929880922735805310e-1;
  g = g * f + 5.99832206555887937690e-1;
  g = g * f + 1.0;
  double near = c / d, far = e / g;
  double magnitude = r <= 5.0 ? near : far;
  magnitude = smaller == 0.0 ? INFINITY : magnitude;
  return p < 0.5 ? -magnitude : magnitude;
}

double cvm_normal_quantile1(double p) {
  double q = p - 0.5;
  return (q <= 0.425 && q >= -0.425) ? quantile_centre(q) : quantile_tail(p);
}

#define TAIL_BLOCK 512
// Tails are computed so many at a time: a loop of a fixed length has no rest that would run without vectors.
#define TAIL_LANES 8

CLONES static void quantile_tails(const double *restrict p, double *restrict z, size_t groups) {
  for (size_t group = 0; group < groups; group++) {
    for (size_t l = 0; l < TAIL_LANES; l++) z[group * TAIL_LANES + l] = quantile_tail(p[group * TAIL_LANES + l]);
  }
}

// About 85% of uniform inputs lie in the centre: the tails are collected and computed by themselves.
CLONES static void quantile_block(const double *input, double *z, size_t n) {
  double p[TAIL_BLOCK], tail_p[TAIL_BLOCK + TAIL_LANES], tail_z[TAIL_BLOCK + TAIL_LANES];
  uint32_t where[TAIL_BLOCK];
  size_t tails = 0;
  // A copy: the output may be the input.
  memcpy(p, input, n * sizeof *p);
  for (size_t i = 0; i < n; i++) {
    double q = p[i] - 0.5;
    where[tails] = (uint32_t)i;
    tail_p[tails] = p[i];
    tails += !(q <= 0.425 && q >= -0.425);
  }
  for (size_t i = 0; i < n; i++) z[i] = quantile_centre(p[i] - 0.5);
  if (tails == 0) return;
  // The last group is filled with a number whose quantile nobody looks at.
  size_t groups = (tails + TAIL_LANES - 1) / TAIL_LANES;
  for (size_t i = tails; i < groups * TAIL_LANES; i++) tail_p[i] = 0.5;
  quantile_tails(tail_p, tail_z, groups);
  for (size_t i = 0; i < tails; i++) z[where[i]] = tail_z[i];
}

void cvm_normal_quantile(const double *p, double *z, size_t n) {
  for (size_t start = 0; start < n; start += TAIL_BLOCK) {
    size_t count = n - start < TAIL_BLOCK ? n - start : TAIL_BLOCK;
    quantile_block(p + start, z + start, count);
  }
}

// ---- normal law ----------------------------------------------------------------------------------------------------------
// Rational Chebyshev approximations on three ranges by Cody, "Rational Chebyshev approximations for the error function",
// Mathematics of Computation 23 (1969), in the form for the normal law of his "Algorithm 715", ACM TOMS 19 (1993).
INLINE double cumulative_centre(double z) {
  double s = z * z;
  double a = 6.5682337918207449113e-2;
  a = a * s + 2.2352520354606839287;
  a = a * s + 1.6102823106855587881e2;
  a = a * s + 1.0676894854603709582e3;
  a = a * s + 1.8154981253343561249e4;
  double b = s + 4.720258190468824187e1;
  b = b * s + 9.7609855173777669322e2;
  b = b * s + 1.0260932208618978205e4;
  b = b * s + 4.5507789335026729956e4;
  return 0.5 + z * (a / b);
}

INLINE double cumulative_middle(double x) {
  double a = 1.0765576773720192317e-8;
  a = a * x + 3.9894151208813466764e-1;
  a = a * x + 8.8831497943883759412;
  a = a * x + 9.3506656132177855979e1;
  a = a * x + 5.9727027639480026226e2;
  a = a * x + 2.4945375852903726711e3;
  a = a * x + 6.8481904505362823326e3;
  a = a * x + 1.1602651437647350124e4;
  a = a * x + 9.8427148383839780218e3;
  double b = x + 2.2266688044328115691e1;
  b = b * x + 2.3538790178262499861e2;
  b = b * x + 1.519377599407554805e3;
  b = b * x + 6.485558298266760755e3;
  b = b * x + 1.8615571640885098091e4;
  b = b * x + 3.4900952721145977266e4;
  b = b * x + 3.8912003286093271411e4;
  b = b * x + 1.9685429676859990727e4;
  return a / b;
}

INLINE double cumulative_outer(double x) {
  double s = 1.0 / (x * x);
  double a = 2.307344176494017303e-2;
  a = a * s + 2.1589853405795699e-1;
  a = a * s + 1.274011611602473639e-1;
  a = a * s + 2.2235277870649807e-2;
  a = a * s + 1.421619193227893466e-3;
  a = a * s + 2.9112874951168792e-5;
  double b = s + 1.28426009614491121;
  b = b * s + 4.68238212480865118e-1;
  b = b * s + 6.59881378689285515e-2;
  b = b * s + 3.78239633202758244e-3;
  b = b * s + 7.29751555083966205e-5;
  return (0.39894228040143267794 - s * a / b) / x;
}

INLINE double cumulative_kernel(double z) {
  double x = z < 0.0 ? -z : z;
  double c = x <= 38.0 ? x : 38.0;
  // exp(-x^2 / 2), with x^2 taken apart so that its rounding does not grow with it.
  double coarse = (double)(int32_t)(16.0 * c) / 16.0;
  double rest = (c - coarse) * (c + coarse);
  double density = exp_kernel(-0.5 * coarse * coarse) * exp_kernel(-0.5 * rest);
  double middle = cumulative_middle(c), outer = cumulative_outer(c);
  double tail = density * (c <= 5.656854249492380 ? middle : outer);
  double value = z > 0.0 ? 1.0 - tail : tail;
  double centre = cumulative_centre(z);
  value = x <= 0.67448975 ? centre : value;
  double end = z < 0.0 ? 0.0 : 1.0;
  value = x > 38.0 ? end : value;
  return z != z ? z : value;
}

CLONES void cvm_normal_cumulative(const double *z, double *p, size_t n) {
  if (z == p) {
    for (size_t i = 0; i < n; i++) p[i] = cumulative_kernel(p[i]);
    return;
  }
  const double *restrict from = z;
  double *restrict to = p;
  for (size_t i = 0; i < n; i++) to[i] = cumulative_kernel(from[i]);
}

double cvm_normal_cumulative1(double z) { return cumulative_kernel(z); }

// ---- order statistics ----------------------------------------------------------------------------------------------------
#define RANGE_LANES 32

CLONES void cvm_range(const double *x, size_t n, double *lowest, double *highest) {
  double low[RANGE_LANES], high[RANGE_LANES];
  for (int l = 0; l < RANGE_LANES; l++) low[l] = high[l] = x[0];
  size_t i = 0;
  for (; i + RANGE_LANES <= n; i += RANGE_LANES) {
    for (int l = 0; l < RANGE_LANES; l++) {
      low[l] = x[i + l] < low[l] ? x[i + l] : low[l];
      high[l] = x[i + l] > high[l] ? x[i + l] : high[l];
    }
  }
  for (; i < n; i++) {
    low[0] = x[i] < low[0] ? x[i] : low[0];
    high[0] = x[i] > high[0] ? x[i] : high[0];
  }
  for (int l = 1; l < RANGE_LANES; l++) {
    low[0] = low[l] < low[0] ? low[l] : low[0];
    high[0] = high[l] > high[0] ? high[l] : high[0];
  }
  *lowest = low[0];
  *highest = high[0];
}

CLONES void cvm_buckets(const double *restrict x, size_t n, double lowest, double scale, uint16_t *restrict bucket) {
  for (size_t i = 0; i < n; i++) bucket[i] = (uint16_t)(int32_t)((x[i] - lowest) * scale);
}

// ---- products spread over neighbours -------------------------------------------------------------------------------------
CLONES void cvm_spread_products(const double *restrict a, const double *restrict b, size_t n, const double *restrict weights,
                                double *restrict products, double *restrict y) {
  for (size_t k = 0; k < 5; k++) products[k] = products[n + 5 + k] = 0.0;
  for (size_t k = 0; k < n; k++) products[k + 5] = a[k] * b[k];
  double w0 = weights[0], w1 = weights[1], w2 = weights[2], w3 = weights[3], w4 = weights[4], w5 = weights[5];
  const double *restrict p = products;
  for (size_t k = 0; k < n + 5; k++) {
    y[k] += (p[k + 5] * w0 + p[k + 4] * w1) + (p[k + 3] * w2 + p[k + 2] * w3) + (p[k + 1] * w4 + p[k] * w5);
  }
}

// ---- Philox --------------------------------------------------------------------------------------------------------------
#define LANES 16

INLINE void philox_rounds(uint32_t *restrict c0, uint32_t *restrict c1, uint32_t *restrict c2, uint32_t *restrict c3,
                          uint32_t k0, uint32_t k1, int lanes) {
  for (int round = 0; round < 10; round++) {
    for (int l = 0; l < lanes; l++) {
      uint64_t p0 = (uint64_t)0xD2511F53u * c0[l];
      uint64_t p1 = (uint64_t)0xCD9E8D57u * c2[l];
      uint32_t n0 = (uint32_t)(p1 >> 32) ^ c1[l] ^ k0;
      uint32_t n2 = (uint32_t)(p0 >> 32) ^ c3[l] ^ k1;
      c1[l] = (uint32_t)p1;
      c3[l] = (uint32_t)p0;
      c0[l] = n0;
      c2[l] = n2;
    }
    k0 += 0x9E3779B9u;
    k1 += 0xBB67AE85u;
  }
}

void cvm_philox4x32(const uint32_t counter[4], const uint32_t key[2], uint32_t output[4]) {
  uint32_t c0 = counter[0], c1 = counter[1], c2 = counter[2], c3 = counter[3];
  philox_rounds(&c0, &c1, &c2, &c3, key[0], key[1], 1);
  output[0] = c0;
  output[1] = c1;
  output[2] = c2;
  output[3] = c3;
}

INLINE double uniform_of(uint32_t low, uint32_t high) {
  uint64_t word = ((uint64_t)high << 32) | low;
  return double_of(0x3ff0000000000000ULL | (word >> 12)) - (1.0 - 1.1102230246251565e-16);
}

// The numbers of `lanes` blocks side by side.
INLINE void uniform_group(uint64_t key, uint32_t item, uint32_t substream, uint64_t first_block, double *restrict u,
                          int lanes) {
  uint32_t c0[LANES], c1[LANES], c2[LANES], c3[LANES];
  for (int l = 0; l < lanes; l++) {
    uint64_t block = first_block + (uint64_t)l;
    c0[l] = (uint32_t)block;
    c1[l] = (uint32_t)(block >> 32);
    c2[l] = item;
    c3[l] = substream;
  }
  philox_rounds(c0, c1, c2, c3, (uint32_t)key, (uint32_t)(key >> 32), lanes);
  for (int l = 0; l < lanes; l++) {
    u[2 * l] = uniform_of(c0[l], c1[l]);
    u[2 * l + 1] = uniform_of(c2[l], c3[l]);
  }
}

CLONES static void uniform_blocks(uint64_t key, uint32_t item, uint32_t substream, uint64_t first_block, double *u,
                                  size_t blocks) {
  size_t start = 0;
  for (; start + LANES <= blocks; start += LANES) {
    uniform_group(key, item, substream, first_block + start, u + 2 * start, LANES);
  }
  size_t rest = blocks - start;
  if (rest == 0) return;
  // Groups of a fixed size keep their vectors: what is too much is left behind.
  double numbers[2 * LANES];
  if (rest > LANES / 2) {
    uniform_group(key, item, substream, first_block + start, numbers, LANES);
  } else {
    uniform_group(key, item, substream, first_block + start, numbers, LANES / 2);
  }
  memcpy(u + 2 * start, numbers, 2 * rest * sizeof *u);
}

// The two numbers of one block.
static void uniform_pair(uint64_t key, uint32_t item, uint32_t substream, uint64_t block, double *pair) {
  uniform_group(key, item, substream, block, pair, 1);
}

void cvm_uniforms(uint64_t key, uint32_t item, uint32_t substream, uint64_t first, double *u, size_t n) {
  if (n == 0) return;
  if (first & 1) {
    double pair[2];
    uniform_pair(key, item, substream, first >> 1, pair);
    *u++ = pair[1];
    first++;
    n--;
  }
  uniform_blocks(key, item, substream, first >> 1, u, n / 2);
  if (n & 1) {
    double pair[2];
    uniform_pair(key, item, substream, (first + n) >> 1, pair);
    u[n - 1] = pair[0];
  }
}
