/* /proc/sys/net: the rows of net/core/sysctl.c as files. Numbers are parsed and printed as everywhere below /proc/sys; texts and
 * the list of reserved ports here. */
#include "../sysctl.h"
#include "kerrno.h"
#include "printk.h"
#include "slab.h"
#include "string.h"
#include "sysctl.h"

#define ROWS_MOST 256
#define NAME_MOST 64

static const struct net_sysctl_row *row_of(const struct ctl_table *c)
{
	return c->data;
}

/* ---- texts ---- */

static void get_string(struct seq *s, const struct ctl_table *c)
{
	seq_puts(s, row_of(c)->value);
	seq_puts(s, "\n");
}

/* Up to the first newline, cut to what there is room for, as proc_dostring. */
static int set_string(const char *text, size_t size, const struct ctl_table *c)
{
	const struct net_sysctl_row *r = row_of(c);
	size_t n = 0;

	while (n < size && n < r->count - 1 && text[n] && text[n] != '\n')
		n++;
	memcpy(r->value, text, n);
	((char *)r->value)[n] = 0;
	return 0;
}

/* ---- lists of ranges: 1,2-4,10-10 ---- */

static bool bit(const u8 *bits, u32 i) { return bits[i / 8] >> (i % 8) & 1; }

static void get_bitmap(struct seq *s, const struct ctl_table *c)
{
	const struct net_sysctl_row *r = row_of(c);
	bool first = true;

	for (u32 i = 0; i < r->count; i++) {
		u32 start = i;

		if (!bit(r->value, i))
			continue;
		while (i + 1 < r->count && bit(r->value, i + 1))
			i++;
		seq_printf(s, i == start ? "%s%u" : "%s%u-%u", first ? "" : ",", start, i);
		first = false;
	}
	seq_puts(s, "\n");
}

static bool number(const char **p, const char *end, u32 *value)
{
	const char *start = *p;
	u64 v = 0;

	for (; *p < end && **p >= '0' && **p <= '9' && v < 0x100000000ull; ++*p)
		v = v * 10 + (u64)(**p - '0');
	*value = (u32)v;
	return *p != start && v < 0x100000000ull;
}

static int set_bitmap(const char *text, size_t size, const struct ctl_table *c)
{
	const struct net_sysctl_row *r = row_of(c);
	const char *p = text, *end = text + size;
	u8 *bits = kzalloc(r->count / 8);
	int err = -EINVAL;
	u32 low, high;

	if (!bits)
		return -ENOMEM;
	while (p < end && *p != '\n' && *p) {
		if (!number(&p, end, &low) || low >= r->count)
			goto free_bits;
		high = low;
		if (p < end && *p == '-') {
			p++;
			if (!number(&p, end, &high) || high >= r->count || high < low)
				goto free_bits;
		}
		for (; low <= high; low++)
			bits[low / 8] |= (u8)(1 << (low % 8));
		if (p < end && *p == ',')
			p++;
		else if (p < end && *p != '\n' && *p)
			goto free_bits;
	}
	memcpy(r->value, bits, r->count / 8);
	err = 0;
free_bits:
	kfree(bits);
	return err;
}

/* ---- the table ---- */

static void fill(struct ctl_table *c, const struct net_sysctl_row *r, char *path)
{
	*c = (struct ctl_table){ .path = path, .mode = r->mode, .data = r->value, .count = r->count, .min = r->min, .max = r->max };
	switch (r->kind) {
	case SYSCTL_INT:
		c->get = sysctl_get_int;
		c->set = sysctl_set_int;
		return;
	case SYSCTL_LONG:
		c->get = sysctl_get_u64;
		c->set = sysctl_set_u64;
		return;
	case SYSCTL_STRING:
		c->get = get_string;
		c->set = set_string;
		break;
	case SYSCTL_BITMAP:
		c->get = get_bitmap;
		c->set = set_bitmap;
		break;
	}
	c->data = r;
}

void net_sysctl_init(void)
{
	static struct ctl_table table[ROWS_MOST + 1];
	static struct ctl_table_list list = { .rows = table };
	static char names[ROWS_MOST * NAME_MOST];
	char *name = names;

	BUG_ON(net_sysctl_nrows > ROWS_MOST);
	for (unsigned i = 0; i < net_sysctl_nrows; i++) {
		BUG_ON(ksnprintf(name, NAME_MOST, "net/%s", net_sysctl_rows[i].path) >= NAME_MOST);
		fill(&table[i], &net_sysctl_rows[i], name);
		name += NAME_MOST;
	}
	sysctl_add(&list);
}
