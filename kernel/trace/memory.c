/* Arguments of calls about memory: NUMA policies, pages, protection keys, other processes' memory. */
#include "decode.h"
#include <asm/errno.h>
#include <asm/mman.h>
#include <linux/mempolicy.h>
#include <linux/mman.h>

#define MOST_SHOWN 32u /* elements of an array */
#define MODE_FLAGS (MPOL_F_STATIC_NODES | MPOL_F_RELATIVE_NODES | MPOL_F_NUMA_BALANCING)
#define IN(name, fn) const struct arg_decoder name = { .show = fn };
#define OUT(name, fn) const struct arg_decoder name = { .when = AT_EXIT, .show = fn };

/* ---- flags ---- */

#define BY_TABLE(name, fn, what, ...)                                                                  \
	static const struct trace_name names_##name[] = { __VA_ARGS__ TN_END };                        \
	static void show_##name(struct trace_state *ts, unsigned arg)                                  \
	{ fn(ts, names_##name, (u32)ts->args[arg], what); }                                            \
	IN(d_##name, show_##name)

BY_TABLE(mlock_flags, tflags, "MLOCK_???", TN(MLOCK_ONFAULT),)
BY_TABLE(move_flags, tflags, "MPOL_MF_???", TN(MPOL_MF_STRICT), TN(MPOL_MF_MOVE), TN(MPOL_MF_MOVE_ALL),)
BY_TABLE(getpol_flags, tflags, "MPOL_F_???", TN(MPOL_F_NODE), TN(MPOL_F_ADDR), TN(MPOL_F_MEMS_ALLOWED),)
BY_TABLE(pkey_rights, tflags, "PKEY_???", TN(PKEY_DISABLE_ACCESS), TN(PKEY_DISABLE_WRITE),)

/* ---- policies ---- */

static const struct trace_name mode_names[] = { TN(MPOL_DEFAULT), TN(MPOL_PREFERRED), TN(MPOL_BIND), TN(MPOL_INTERLEAVE),
	TN(MPOL_LOCAL), TN(MPOL_PREFERRED_MANY), { 6, "MPOL_WEIGHTED_INTERLEAVE" }, TN_END };
static const struct trace_name mode_flag_names[] = { TN(MPOL_F_STATIC_NODES), TN(MPOL_F_RELATIVE_NODES),
	TN(MPOL_F_NUMA_BALANCING), TN_END };

static void show_mode(struct trace_state *ts, unsigned arg)
{
	u32 mode = (u32)ts->args[arg];

	tname(ts, mode_names, mode & ~(u32)MODE_FLAGS, "MPOL_???");
	if (mode & MODE_FLAGS) {
		tputs(ts, "|");
		tflags(ts, mode_flag_names, mode & MODE_FLAGS, "MPOL_F_???");
	}
}
IN(d_mpol_mode, show_mode)

static void show_mode_out(struct trace_state *ts, unsigned arg)
{
	u32 mode;

	if (!tread(&mode, ts->args[arg], sizeof(mode))) {
		taddr(ts, ts->args[arg]);
		return;
	}
	tputs(ts, "[");
	tname(ts, mode_names, mode, "MPOL_???");
	tputs(ts, "]");
}
OUT(d_mpol_mode_out, show_mode_out)

static void nodemask(struct trace_state *ts, u64 addr, u64 maxnode)
{
	u64 words = (maxnode + 63) / 64, word;

	if (!words || words > MOST_SHOWN || !tread(&word, addr, sizeof(word))) {
		taddr(ts, addr);
		return;
	}
	tputs(ts, "[");
	for (u64 i = 0; i < words && tread(&word, addr + i * sizeof(word), sizeof(word)); i++)
		tprintf(ts, "%s0x%014lx", i ? ", " : "", (unsigned long)word);
	tputs(ts, "]");
}

static void show_nodemask(struct trace_state *ts, unsigned arg) { nodemask(ts, ts->args[arg], ts->args[arg + 1]); }
static void show_nodemask_of_1(struct trace_state *ts, unsigned arg) { nodemask(ts, ts->args[arg], ts->args[1]); }
IN(d_nodemask, show_nodemask)
IN(d_nodemask_of_1, show_nodemask_of_1)
OUT(d_nodemask_out, show_nodemask)

/* ---- move_pages ---- */

static void show_pages(struct trace_state *ts, unsigned arg)
{
	u64 addr = ts->args[arg], page;

	if (!tread(&page, addr, sizeof(page))) {
		taddr(ts, addr);
		return;
	}
	tputs(ts, "[");
	for (u64 i = 0; i < ts->args[1]; i++) {
		tputs(ts, i ? ", " : "");
		if (i == MOST_SHOWN || !tread(&page, addr + i * sizeof(page), sizeof(page))) {
			tputs(ts, "...");
			break;
		}
		taddr(ts, page);
	}
	tputs(ts, "]");
}
IN(d_pages, show_pages)

/* Node numbers, or what went wrong instead. */
static void show_nodes(struct trace_state *ts, unsigned arg)
{
	u64 addr = ts->args[arg];
	int node;

	if (!tread(&node, addr, sizeof(node))) {
		taddr(ts, addr);
		return;
	}
	tputs(ts, "[");
	for (u64 i = 0; i < ts->args[1]; i++) {
		const char *name;

		tputs(ts, i ? ", " : "");
		if (i == MOST_SHOWN || !tread(&node, addr + i * sizeof(node), sizeof(node))) {
			tputs(ts, "...");
			break;
		}
		name = node < 0 ? errno_name(-node) : NULL;
		if (name)
			tprintf(ts, "-%s", name);
		else
			tprintf(ts, "%d", node);
	}
	tputs(ts, "]");
}
IN(d_nodes, show_nodes)
OUT(d_nodes_out, show_nodes)

/* ---- vectors, and mincore's ---- */

/* A vector of another process's addresses: there is nothing of ours behind them. */
static void show_iovec_addr(struct trace_state *ts, unsigned arg)
{
	u64 addr = ts->args[arg];
	struct { u64 base, len; } v;

	if (!tread(&v, addr, sizeof(v))) {
		taddr(ts, addr);
		return;
	}
	tputs(ts, "[");
	for (u64 i = 0; i < ts->args[arg + 1]; i++) {
		tputs(ts, i ? ", " : "");
		if (i == MOST_SHOWN || !tread(&v, addr + i * sizeof(v), sizeof(v))) {
			tputs(ts, "...");
			break;
		}
		tputs(ts, "{iov_base=");
		taddr(ts, v.base);
		tprintf(ts, ", iov_len=%lu}", (unsigned long)v.len);
	}
	tputs(ts, "]");
}
IN(d_iovec_addr, show_iovec_addr)

static void show_residency(struct trace_state *ts, unsigned arg)
{
	u64 addr = ts->args[arg], count = (ts->args[1] + PAGE_SIZE - 1) / PAGE_SIZE;
	u8 v;

	if (!count || !tread(&v, addr, 1)) {
		taddr(ts, addr);
		return;
	}
	tputs(ts, "[");
	for (u64 i = 0; i < count; i++) {
		tputs(ts, i ? ", " : "");
		if (i == MOST_SHOWN || !tread(&v, addr + i, 1)) {
			tputs(ts, "...");
			break;
		}
		tprintf(ts, "%u", v & 1u);
	}
	tputs(ts, "]");
}
OUT(d_residency, show_residency)

/* mremap(2)'s flags; the new address follows only where it counts. */
static const struct trace_name mremap_names[] = { TN(MREMAP_MAYMOVE), TN(MREMAP_FIXED), TN(MREMAP_DONTUNMAP), TN_END };

static void show_mremap_flags(struct trace_state *ts, unsigned arg)
{
	u32 flags = (u32)ts->args[arg];

	tflags(ts, mremap_names, flags, "MREMAP_???");
	ts->no_more = !(flags & (MREMAP_FIXED | MREMAP_DONTUNMAP));
}
IN(d_mremap_flags, show_mremap_flags)
