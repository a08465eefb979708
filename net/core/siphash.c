/* SipHash-2-4 over a byte string, after the authors' paper: two rounds a word of 8 bytes, four at the end. */
#include "../siphash.h"
#include "string.h"

struct sip_state { u64 v0, v1, v2, v3; };

static inline u64 rotl(u64 x, unsigned n)
{
	return x << n | x >> (64 - n);
}

static inline void sip_round(struct sip_state *s)
{
	s->v0 += s->v1;
	s->v2 += s->v3;
	s->v1 = rotl(s->v1, 13) ^ s->v0;
	s->v3 = rotl(s->v3, 16) ^ s->v2;
	s->v0 = rotl(s->v0, 32) + s->v3;
	s->v2 += s->v1;
	s->v1 = rotl(s->v1, 17) ^ s->v2;
	s->v3 = rotl(s->v3, 21) ^ s->v0;
	s->v2 = rotl(s->v2, 32);
}

static inline void sip_word(struct sip_state *s, u64 m)
{
	s->v3 ^= m;
	sip_round(s);
	sip_round(s);
	s->v0 ^= m;
}

u64 siphash(const void *data, size_t size, const struct siphash_key *key)
{
	struct sip_state s = {
		key->key[0] ^ 0x736f6d6570736575ull, key->key[1] ^ 0x646f72616e646f6dull,
		key->key[0] ^ 0x6c7967656e657261ull, key->key[1] ^ 0x7465646279746573ull,
	};
	const u8 *p = data, *end = p + (size & ~(size_t)7);
	u64 last = (u64)size << 56, word;

	for (; p != end; p += 8) {
		memcpy(&word, p, 8);
		sip_word(&s, word);
	}
	for (size_t i = 0; i < (size & 7); i++)
		last |= (u64)p[i] << (8 * i);
	sip_word(&s, last);
	s.v2 ^= 0xff;
	for (int i = 0; i < 4; i++)
		sip_round(&s);
	return s.v0 ^ s.v1 ^ s.v2 ^ s.v3;
}
