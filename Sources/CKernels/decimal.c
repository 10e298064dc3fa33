// Decimal text to double, correctly rounded.
#include "CKernels.h"

// 5^0 to 5^27, all that fit into 64 bits, shifted up until the top bit is set, and the reciprocal
// (2^128 - 1) / power - 2^64 of each.
static const struct {
  uint64_t power, reciprocal;
} powers_of_five[28] = {
  {0x8000000000000000ull, 0xFFFFFFFFFFFFFFFFull},
  {0xA000000000000000ull, 0x9999999999999999ull},
  {0xC800000000000000ull, 0x47AE147AE147AE14ull},
  {0xFA00000000000000ull, 0x0624DD2F1A9FBE76ull},
  {0x9C40000000000000ull, 0xA36E2EB1C432CA57ull},
  {0xC350000000000000ull, 0x4F8B588E368F0846ull},
  {0xF424000000000000ull, 0x0C6F7A0B5ED8D36Bull},
  {0x9896800000000000ull, 0xAD7F29ABCAF48578ull},
  {0xBEBC200000000000ull, 0x5798EE2308C39DF9ull},
  {0xEE6B280000000000ull, 0x12E0BE826D694B2Eull},
  {0x9502F90000000000ull, 0xB7CDFD9D7BDBAB7Dull},
  {0xBA43B74000000000ull, 0x5FD7FE17964955FDull},
  {0xE8D4A51000000000ull, 0x19799812DEA11197ull},
  {0x9184E72A00000000ull, 0xC25C268497681C26ull},
  {0xB5E620F480000000ull, 0x6849B86A12B9B01Eull},
  {0xE35FA931A0000000ull, 0x203AF9EE756159B2ull},
  {0x8E1BC9BF04000000ull, 0xCD2B297D889BC2B6ull},
  {0xB1A2BC2EC5000000ull, 0x70EF54646D496892ull},
  {0xDE0B6B3A76400000ull, 0x2725DD1D243ABA0Eull},
  {0x8AC7230489E80000ull, 0xD83C94FB6D2AC34Aull},
  {0xAD78EBC5AC620000ull, 0x79CA10C9242235D5ull},
  {0xD8D726B7177A8000ull, 0x2E3B40A0E9B4F7DDull},
  {0x878678326EAC9000ull, 0xE392010175EE5962ull},
  {0xA968163F0A57B400ull, 0x82DB34012B25144Eull},
  {0xD3C21BCECCEDA100ull, 0x357C299A88EA76A5ull},
  {0x84595161401484A0ull, 0xEF2D0F5DA7DD8AA2ull},
  {0xA56FA5B99019A5C8ull, 0x8C240C4AECB13BB5ull},
  {0xCECB8F27F4200F3Aull, 0x3CE9A36F23C0FC90ull},
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

// Appends the digits at `p` to `value`, modulo 2^64, and gives the place after them.
static inline const uint8_t *skip_digits(const uint8_t *p, const uint8_t *end, uint64_t *value) {
  for (; p < end && (uint8_t)(*p - '0') <= 9; p++) *value = *value * 10 + (uint8_t)(*p - '0');
  return p;
}

// The same for long runs of digits: eight bytes are tested at once, and added up in pairs, fours
// and eights.
static inline const uint8_t *skip_many_digits(
  const uint8_t *p, const uint8_t *end, uint64_t *value) {
  static const uint64_t powers[9] = {1,      10,      100,      1000,     10000,
                                     100000, 1000000, 10000000, 100000000};
  while (end - p >= 8) {
    uint64_t word = load64(p) ^ 0x3030303030303030ull;
    uint64_t others = ((word + 0x7676767676767676ull) | word) & 0x8080808080808080ull;
    int count = others ? __builtin_ctzll(others) / 8 : 8;
    if (count == 0) return p;
    // Those after the last digit fall out; zeros come in front.
    word <<= 64 - 8 * count;
    word = (word * 2561) >> 8;
    word = ((word & 0x00FF00FF00FF00FFull) * 6553601) >> 16;
    word = ((word & 0x0000FFFF0000FFFFull) * 42949672960001) >> 32;
    *value = *value * powers[count] + word;
    p += count;
    if (count < 8) return p;
  }
  return skip_digits(p, end, value);
}

// bits * 2^exponent, and a little more if `is_more`, rounded to nearest, ties to even. The top bit
// of `bits` is set, and the result is a normal number.
static inline double rounded(uint64_t bits, bool is_more, int exponent) {
  uint64_t fraction = bits >> 11;
  uint64_t rest = (bits & 0x7FF) << 1 | is_more;
  fraction += rest + (fraction & 1) > 0x800;
  // A carry out of the fraction is the next power of two: the addition does it.
  uint64_t pattern = ((uint64_t)(exponent + 11 + 52 + 1023 - 1) << 52) + fraction;
  double value;
  __builtin_memcpy(&value, &pattern, 8);
  return value;
}

// digits * 10^scale for 0 < digits and -27 <= scale <= 27, exactly: the product or quotient by a
// power of five in whole numbers, with what is left over, rounded once.
static inline double scaled(uint64_t digits, int scale) {
  int shift = __builtin_clzll(digits);
  uint64_t high = digits << shift;
  int place = scale < 0 ? -scale : scale;
  uint64_t power = powers_of_five[place].power;
  // 5^n has 2.3219 n bits: how far it was shifted.
  int power_shift = 63 - (place * 1217359 >> 19);
  if (scale >= 0) {
    unsigned __int128 product = (unsigned __int128)high * power;
    int top = !(product >> 127);
    product <<= top;
    return rounded(
      (uint64_t)(product >> 64), (uint64_t)product != 0, scale + 64 - shift - power_shift - top);
  }
  // The quotient needs 64 bits: the upper half of the dividend must be the smaller.
  bool is_large = high >= power;
  uint64_t low = (uint64_t)is_large << 63 & high << 63;
  high >>= is_large;
  // Division by a reciprocal (N. Moeller and T. Granlund, IEEE Transactions on Computers, 2011).
  unsigned __int128 estimate = (unsigned __int128)powers_of_five[place].reciprocal * high +
                               ((unsigned __int128)high << 64 | low);
  uint64_t quotient = (uint64_t)(estimate >> 64) + 1;
  uint64_t rest = low - quotient * power;
  uint64_t correction = -(uint64_t)(rest > (uint64_t)estimate);
  quotient += correction;
  rest += correction & power;
  if (__builtin_expect(rest >= power, 0)) {
    quotient++;
    rest -= power;
  }
  int top = __builtin_clzll(quotient);
  return rounded(
    quotient << top, rest != 0, scale + power_shift - shift - (is_large ? 63 : 64) - top);
}

static inline __attribute__((always_inline)) ptrdiff_t read_decimal(
  const uint8_t *start, const uint8_t *end, uint8_t point, double *value, bool *is_whole) {
  const uint8_t *p = start;
  if (p == end) return 0;
  // Without a branch: signs are as good as random.
  bool is_negative = *p == '-';
  p += is_negative | (*p == '+');
  const uint8_t *first = p;
  uint64_t digits = 0;
  p = skip_digits(p, end, &digits);
  ptrdiff_t count = p - first;
  int64_t scale = 0;
  *is_whole = true;
  if (p < end && *p == point) {
    const uint8_t *fraction = ++p;
    p = skip_many_digits(p, end, &digits);
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
  } else if (digits < 1000000000000000 && scale >= -22 && scale <= 22) {
    // Both are exact, and one operation rounds once (W. D. Clinger, PLDI 1990). So are numbers of
    // 16 digits up to 2^53, but which way they would go is as good as random.
    size = scale < 0 ? (double)digits / exact_powers[-scale] : (double)digits * exact_powers[scale];
  } else if (scale >= -27 && scale <= 27) {
    size = scaled(digits, (int)scale);
  } else {
    return -(p - start);
  }
  *value = __builtin_copysign(size, is_negative ? -1.0 : 1.0);
  return p - start;
}

ptrdiff_t blz_decimal(
  const uint8_t *start, const uint8_t *end, uint8_t point, double *value, bool *is_whole) {
  return read_decimal(start, end, point, value, is_whole);
}

ptrdiff_t blz_decimal_rows(
  const uint8_t *start, const uint8_t *end, const uint8_t *limit, uint8_t separator, uint8_t point,
  int64_t width, int64_t most, double *cells, int64_t *starts, uint8_t *kinds, int64_t *rows) {
  const uint8_t *p = start;
  int64_t row = 0;
  for (; row < most && p < limit; row++) {
    const uint8_t *q = p;
    for (int64_t column = 0; column < width; column++) {
      bool is_whole;
      ptrdiff_t length = read_decimal(q, end, point, cells + column, &is_whole);
      if (length <= 0) goto done;
      q += length;
      if (column + 1 < width) {
        if (q == end || *q != separator) goto done;
        q++;
      } else if (q < end) {
        q += *q == '\r' && q + 1 < end && q[1] == '\n';
        if (*q != '\n') goto done;
        q++;
      }
      kinds[column] |= is_whole ? 1 : 2;
    }
    starts[row] = p - start;
    cells += width;
    p = q;
  }
done:
  *rows = row;
  return p - start;
}
