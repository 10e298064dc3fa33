// Decimal text to double, correctly rounded.
#include "CKernels.h"

// 5^0 to 5^27, all that fit into 64 bits.
static const uint64_t powers_of_five[28] = {
  1ull, 5ull, 25ull, 125ull, 625ull, 3125ull, 15625ull, 78125ull, 390625ull, 1953125ull,
  9765625ull, 48828125ull, 244140625ull, 1220703125ull, 6103515625ull, 30517578125ull,
  152587890625ull, 762939453125ull, 3814697265625ull, 19073486328125ull, 95367431640625ull,
  476837158203125ull, 2384185791015625ull, 11920928955078125ull, 59604644775390625ull,
  298023223876953125ull, 1490116119384765625ull, 7450580596923828125ull,
};

static const uint64_t powers_of_ten[9] = {
  1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000,
};

// The powers that a double holds exactly.
static const double exact_powers[23] = {
  1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
  1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
};

static inline uint64_t load64(const uint8_t *p) {
  uint64_t word;
  __builtin_memcpy(&word, p, 8);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
  word = __builtin_bswap64(word);
#endif
  return word;
}

// Appends the digits at `p` to `value`, modulo 2^64, and gives the place after them. Eight bytes at
// a time: all are tested at once, and the digits among them, first ones first, are shifted to the
// end of the word and added up in pairs, fours and eights.
static inline const uint8_t *skip_digits(const uint8_t *p, const uint8_t *end, uint64_t *value) {
  while (end - p >= 8) {
    uint64_t word = load64(p) ^ 0x3030303030303030ull;
    uint64_t others = ((word + 0x7676767676767676ull) | word) & 0x8080808080808080ull;
    int count = others ? __builtin_ctzll(others) / 8 : 8;
    if (count == 0) return p;
    word <<= 64 - 8 * count;
    word = (word * 2561) >> 8;
    word = ((word & 0x00FF00FF00FF00FFull) * 6553601) >> 16;
    word = ((word & 0x0000FFFF0000FFFFull) * 42949672960001) >> 32;
    *value = *value * powers_of_ten[count] + word;
    p += count;
    if (count < 8) return p;
  }
  for (; p < end && (uint8_t)(*p - '0') <= 9; p++) *value = *value * 10 + (uint8_t)(*p - '0');
  return p;
}

// bits * 2^exponent, and a little more if `isMore`, rounded to nearest, ties to even. The top bit of
// `bits` is set, and the result is a normal number.
static double rounded(uint64_t bits, bool isMore, int exponent) {
  uint64_t fraction = bits >> 11;
  uint64_t rest = bits & 0x7FF;
  if (rest > 0x400 || (rest == 0x400 && (isMore || (fraction & 1)))) fraction++;
  // A carry out of the fraction is the next power of two: the addition does it.
  uint64_t pattern = ((uint64_t)(exponent + 11 + 52 + 1023 - 1) << 52) + fraction;
  double value;
  __builtin_memcpy(&value, &pattern, 8);
  return value;
}

// digits * 10^scale for 0 < digits and -27 <= scale <= 27, exactly: the product or quotient by a
// power of five in whole numbers, with what is left over, rounded once.
static double scaled(uint64_t digits, int scale) {
  int shift = __builtin_clzll(digits);
  if (scale >= 0) {
    unsigned __int128 product = (unsigned __int128)digits * powers_of_five[scale];
    uint64_t high = (uint64_t)(product >> 64);
    if (high == 0) {
      shift = __builtin_clzll((uint64_t)product);
      return rounded((uint64_t)product << shift, false, scale - shift);
    }
    shift = __builtin_clzll(high);
    product <<= shift;
    return rounded((uint64_t)(product >> 64), (uint64_t)product != 0, scale + 64 - shift);
  }
  uint64_t divisor = powers_of_five[-scale];
  int divisor_shift = __builtin_clzll(divisor);
  divisor <<= divisor_shift;
  uint64_t high = digits << shift;
  // The quotient needs 64 bits: the upper half of the dividend must be the smaller.
  bool isLarge = high >= divisor;
  unsigned __int128 dividend = (unsigned __int128)high << (isLarge ? 63 : 64);
  uint64_t quotient = (uint64_t)(dividend / divisor);
  bool isMore = (unsigned __int128)quotient * divisor != dividend;
  int exponent = scale + divisor_shift - shift - (isLarge ? 63 : 64);
  int top = __builtin_clzll(quotient);
  return rounded(quotient << top, isMore, exponent - top);
}

ptrdiff_t blz_decimal(
  const uint8_t *start, const uint8_t *end, uint8_t point, double *value, bool *is_whole) {
  const uint8_t *p = start;
  bool is_negative = p < end && *p == '-';
  if (p < end && (*p == '-' || *p == '+')) p++;
  const uint8_t *first = p;
  uint64_t digits = 0;
  p = skip_digits(p, end, &digits);
  ptrdiff_t count = p - first;
  int64_t scale = 0;
  *is_whole = true;
  if (p < end && *p == point) {
    const uint8_t *fraction = ++p;
    p = skip_digits(p, end, &digits);
    scale = -(int64_t)(p - fraction);
    count -= scale;
    *is_whole = false;
  }
  if (count == 0) return 0;
  if (p < end && (*p | 0x20) == 'e') {
    const uint8_t *q = p + 1;
    bool is_down = q < end && *q == '-';
    if (q < end && (*q == '-' || *q == '+')) q++;
    const uint8_t *exponent = q;
    // A huge one decides nothing but zero or infinity.
    int64_t size = 0;
    for (; q < end && (uint8_t)(*q - '0') <= 9; q++) {
      if (size < 1000000000) size = size * 10 + (*q - '0');
    }
    if (q > exponent) {
      scale += is_down ? -size : size;
      p = q;
      *is_whole = false;
    }
  }
  if (count > 19) {
    // Zeros in front are no digits.
    for (const uint8_t *q = first; q < p && (*q == '0' || *q == point); q++) count -= *q == '0';
    if (count > 19) return -(p - start);
  }
  double size;
  if (digits == 0) {
    size = 0;
  } else if (digits <= 1ull << 53 && scale >= -22 && scale <= 22) {
    // Both are exact, and one operation rounds once (W. D. Clinger, PLDI 1990).
    size = scale < 0 ? (double)digits / exact_powers[-scale] : (double)digits * exact_powers[scale];
  } else if (scale >= -27 && scale <= 27) {
    size = scaled(digits, (int)scale);
  } else {
    return -(p - start);
  }
  *value = is_negative ? -size : size;
  return p - start;
}
