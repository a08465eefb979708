/* Formatted text for messages, traces and /proc files: the subset of printf(3) that string.h names. There is no
 * floating point, no %n and no locale. */
#include "string.h"

#define FMT_LEFT 1u
#define FMT_ZERO 2u
#define FMT_PLUS 4u
#define FMT_SPACE 8u
#define FMT_ALT 16u

struct out {
	char *buf;
	size_t size; /* of buf, with the NUL */
	size_t len;  /* of the whole text so far */
};

struct spec {
	unsigned flags;
	int width;
	int precision; /* -1: none */
	int length;    /* -2: hh, -1: h, 0: int, 1: l, ll, z */
};

static void put(struct out *o, char c)
{
	if (o->len + 1 < o->size)
		o->buf[o->len] = c;
	o->len++;
}

static void pad(struct out *o, char c, int n)
{
	while (n-- > 0)
		put(o, c);
}

static void put_text(struct out *o, const struct spec *s, const char *text, size_t len)
{
	int fill = s->width > 0 && (size_t)s->width > len ? s->width - (int)len : 0;

	if (!(s->flags & FMT_LEFT))
		pad(o, ' ', fill);
	for (size_t i = 0; i < len; i++)
		put(o, text[i]);
	if (s->flags & FMT_LEFT)
		pad(o, ' ', fill);
}

static void put_number(struct out *o, const struct spec *s, u64 value, unsigned base, bool upper, const char *prefix)
{
	const char *digits = upper ? "0123456789ABCDEF" : "0123456789abcdef";
	char text[24];
	int n = 0, zeroes, fill, prefix_len = (int)kstrlen(prefix);

	do {
		text[n++] = digits[value % base];
		value /= base;
	} while (value);
	if (s->precision == 0 && n == 1 && text[0] == '0')
		n = 0; /* C: no digits for the value 0 with precision 0 */
	zeroes = s->precision > n ? s->precision - n : 0;
	fill = s->width - n - zeroes - prefix_len;
	if ((s->flags & FMT_ZERO) && !(s->flags & FMT_LEFT) && s->precision < 0 && fill > 0) {
		zeroes += fill;
		fill = 0;
	}
	if (!(s->flags & FMT_LEFT))
		pad(o, ' ', fill);
	while (*prefix)
		put(o, *prefix++);
	pad(o, '0', zeroes);
	while (n)
		put(o, text[--n]);
	if (s->flags & FMT_LEFT)
		pad(o, ' ', fill);
}

static u64 get_unsigned(int length, __builtin_va_list *ap)
{
	switch (length) {
	case -2: return (u8)__builtin_va_arg(*ap, unsigned);
	case -1: return (u16)__builtin_va_arg(*ap, unsigned);
	case 0: return __builtin_va_arg(*ap, unsigned);
	default: return __builtin_va_arg(*ap, unsigned long);
	}
}

static s64 get_signed(int length, __builtin_va_list *ap)
{
	switch (length) {
	case -2: return (s8)__builtin_va_arg(*ap, int);
	case -1: return (s16)__builtin_va_arg(*ap, int);
	case 0: return __builtin_va_arg(*ap, int);
	default: return __builtin_va_arg(*ap, long);
	}
}

static const char *parse_flags(const char *fmt, struct spec *s)
{
	for (;; fmt++) {
		switch (*fmt) {
		case '-': s->flags |= FMT_LEFT; break;
		case '0': s->flags |= FMT_ZERO; break;
		case '+': s->flags |= FMT_PLUS; break;
		case ' ': s->flags |= FMT_SPACE; break;
		case '#': s->flags |= FMT_ALT; break;
		default: return fmt;
		}
	}
}

static const char *parse_int(const char *fmt, int *value)
{
	unsigned v = 0;

	while (*fmt >= '0' && *fmt <= '9') {
		if (v < 100000)
			v = v * 10 + (unsigned)(*fmt - '0');
		fmt++;
	}
	*value = (int)v;
	return fmt;
}

static const char *parse_length(const char *fmt, int *length)
{
	*length = 0;
	if (*fmt == 'h') {
		*length = -1;
		if (*++fmt == 'h') {
			*length = -2;
			fmt++;
		}
	} else if (*fmt == 'l') {
		*length = 1;
		if (*++fmt == 'l')
			fmt++;
	} else if (*fmt == 'z') {
		*length = 1;
		fmt++;
	}
	return fmt;
}

/* What stands between '%' and the conversion's letter, which is returned. */
static const char *parse_spec(const char *fmt, struct spec *s, __builtin_va_list *ap)
{
	*s = (struct spec){ .precision = -1 };
	fmt = parse_flags(fmt, s);
	if (*fmt == '*') {
		s->width = __builtin_va_arg(*ap, int);
		if (s->width < 0) {
			s->flags |= FMT_LEFT;
			s->width = -s->width;
		}
		fmt++;
	} else {
		fmt = parse_int(fmt, &s->width);
	}
	if (*fmt == '.') {
		if (*++fmt == '*') {
			s->precision = __builtin_va_arg(*ap, int);
			fmt++;
		} else {
			fmt = parse_int(fmt, &s->precision);
		}
	}
	return parse_length(fmt, &s->length);
}

static void put_signed(struct out *o, const struct spec *s, s64 v)
{
	const char *sign = v < 0 ? "-" : s->flags & FMT_PLUS ? "+" : s->flags & FMT_SPACE ? " " : "";

	put_number(o, s, v < 0 ? 0 - (u64)v : (u64)v, 10, false, sign);
}

/* @prefix: what '#' puts ahead of a value other than 0. */
static void put_unsigned(struct out *o, const struct spec *s, u64 v, unsigned base, bool upper, const char *prefix)
{
	put_number(o, s, v, base, upper, s->flags & FMT_ALT && v ? prefix : "");
}

static void put_string(struct out *o, const struct spec *s, const char *text)
{
	if (!text)
		text = "(null)";
	put_text(o, s, text, s->precision >= 0 ? kstrnlen(text, (size_t)s->precision) : kstrlen(text));
}

static void put_conversion(struct out *o, const struct spec *s, char conversion, __builtin_va_list *ap)
{
	char c;

	switch (conversion) {
	case 'd':
	case 'i': put_signed(o, s, get_signed(s->length, ap)); break;
	case 'u': put_unsigned(o, s, get_unsigned(s->length, ap), 10, false, ""); break;
	case 'x': put_unsigned(o, s, get_unsigned(s->length, ap), 16, false, "0x"); break;
	case 'X': put_unsigned(o, s, get_unsigned(s->length, ap), 16, true, "0X"); break;
	case 'o': put_unsigned(o, s, get_unsigned(s->length, ap), 8, false, "0"); break;
	case 'p': put_number(o, s, (unsigned long)__builtin_va_arg(*ap, void *), 16, false, "0x"); break;
	case 's': put_string(o, s, __builtin_va_arg(*ap, const char *)); break;
	case 'c':
		c = (char)__builtin_va_arg(*ap, int);
		put_text(o, s, &c, 1);
		break;
	case '%': put(o, '%'); break;
	default: /* unknown: shown as it is */
		put(o, '%');
		put(o, conversion);
	}
}

int kvsnprintf(char *buf, size_t size, const char *fmt, __builtin_va_list ap0)
{
	struct out o = { buf, size, 0 };
	__builtin_va_list ap;
	struct spec s;

	__builtin_va_copy(ap, ap0);
	for (; *fmt; fmt++) {
		if (*fmt != '%') {
			put(&o, *fmt);
			continue;
		}
		fmt = parse_spec(fmt + 1, &s, &ap);
		if (!*fmt)
			break;
		put_conversion(&o, &s, *fmt, &ap);
	}
	__builtin_va_end(ap);
	if (size)
		buf[o.len < size ? o.len : size - 1] = 0;
	return (int)o.len;
}

int ksnprintf(char *buf, size_t size, const char *fmt, ...)
{
	__builtin_va_list ap;
	int len;

	__builtin_va_start(ap, fmt);
	len = kvsnprintf(buf, size, fmt, ap);
	__builtin_va_end(ap);
	return len;
}
