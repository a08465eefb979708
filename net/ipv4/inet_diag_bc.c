/* inet_diag's filters, as ss(8) compiles them: a program of conditions, each with the distance to go when it holds (yes) and
 * when it does not (no). It is checked before it runs: every step leads forward, to the start of an instruction or to the
 * end. Past the end the socket is taken; a jump four bytes beyond it means that it is not. */
#include "../sock_diag.h"
#include "../inet.h"
#include "kerrno.h"
#include "sched.h"
#include <linux/capability.h>

#define OP sizeof(struct inet_diag_bc_op)

/* ---- checking ---- */

/* Is there an instruction at @left bytes from the end? Walks from the start, by yes. */
static bool starts_op(const u8 *bc, int len, int left)
{
	while (len >= 0) {
		const struct inet_diag_bc_op *op = (const void *)bc;

		if (len > left) {
			if (op->yes < 4 || op->yes & 3)
				return false;
			len -= op->yes;
			bc += op->yes;
		} else {
			return len == left;
		}
	}
	return false;
}

static bool valid_host(const struct inet_diag_bc_op *op, int len, int *least)
{
	const struct inet_diag_hostcond *c = (const void *)(op + 1);
	int addr;

	*least += (int)sizeof(*c);
	if (len < *least)
		return false;
	switch (c->family) {
	case AF_UNSPEC: addr = 0; break;
	case AF_INET: addr = 4; break;
	case AF_INET6: addr = 16; break;
	default: return false;
	}
	*least += addr;
	return len >= *least && c->prefix_len <= 8 * addr;
}

/* An instruction with what follows it: its least size, or 0: bad. */
static int op_size(const struct inet_diag_bc_op *op, int len)
{
	int least = OP;

	switch (op->code) {
	case INET_DIAG_BC_S_COND: case INET_DIAG_BC_D_COND:
		return valid_host(op, len, &least) ? least : 0;
	case INET_DIAG_BC_DEV_COND:
		least += (int)sizeof(u32);
		break;
	case INET_DIAG_BC_S_EQ: case INET_DIAG_BC_D_EQ: case INET_DIAG_BC_S_GE: case INET_DIAG_BC_S_LE: case INET_DIAG_BC_D_GE:
	case INET_DIAG_BC_D_LE:
		least += (int)OP; /* the port is the next one's "no" */
		break;
	case INET_DIAG_BC_MARK_COND:
		least += (int)sizeof(struct inet_diag_markcond);
		break;
	case INET_DIAG_BC_AUTO: case INET_DIAG_BC_JMP: case INET_DIAG_BC_NOP:
		break;
	default:
		return 0;
	}
	return len >= least ? least : 0;
}

int inet_diag_bc_audit(const struct nlattr *attr)
{
	const u8 *all = nla_data(attr), *bc = all;
	int total = nla_len(attr), len = total;

	if (len < (int)OP)
		return -EINVAL;
	while (len > 0) {
		const struct inet_diag_bc_op *op = (const void *)bc;
		int least;

		if (len < (int)OP)
			return -EINVAL;
		if (op->code == INET_DIAG_BC_MARK_COND && !capable(CAP_NET_ADMIN))
			return -EPERM;
		least = op_size(op, len);
		if (!least)
			return -EINVAL;
		if (op->code != INET_DIAG_BC_NOP) {
			if (op->no < least || op->no > len + 4 || op->no & 3)
				return -EINVAL;
			if (op->no < len && !starts_op(all, total, len - op->no))
				return -EINVAL;
		}
		if (op->yes < least || op->yes > len + 4 || op->yes & 3)
			return -EINVAL;
		bc += op->yes;
		len -= op->yes;
	}
	return len == 0 ? 0 : -EINVAL;
}

/* ---- running ---- */

static bool prefix_matches(const u8 *a, const u8 *b, unsigned bits)
{
	return !memcmp(a, b, bits / 8) && (!(bits % 8) || !((a[bits / 8] ^ b[bits / 8]) & (u8)(0xff00 >> bits % 8)));
}

static bool host_matches(const struct inet_diag_bc_op *op, const struct inet_diag_entry *e)
{
	const struct inet_diag_hostcond *c = (const void *)(op + 1);
	bool source = op->code == INET_DIAG_BC_S_COND;
	const u8 *addr = source ? e->saddr : e->daddr;

	if (c->port != -1 && c->port != (source ? e->sport : e->dport))
		return false;
	if (!c->prefix_len)
		return true;
	if (c->family != AF_UNSPEC && c->family != e->family) {
		if (e->family != AF_INET6 || c->family != AF_INET || !ipv6_addr_v4mapped((const struct in6_addr *)addr))
			return false;
		return prefix_matches(addr + 12, (const u8 *)c->addr, c->prefix_len);
	}
	return prefix_matches(addr, (const u8 *)c->addr, c->prefix_len);
}

static bool op_holds(const struct inet_diag_bc_op *op, const struct inet_diag_entry *e)
{
	const struct inet_diag_markcond *mark = (const void *)(op + 1);

	switch (op->code) {
	case INET_DIAG_BC_NOP: return true;
	case INET_DIAG_BC_JMP: return false;
	case INET_DIAG_BC_S_EQ: return e->sport == op[1].no;
	case INET_DIAG_BC_S_GE: return e->sport >= op[1].no;
	case INET_DIAG_BC_S_LE: return e->sport <= op[1].no;
	case INET_DIAG_BC_D_EQ: return e->dport == op[1].no;
	case INET_DIAG_BC_D_GE: return e->dport >= op[1].no;
	case INET_DIAG_BC_D_LE: return e->dport <= op[1].no;
	case INET_DIAG_BC_AUTO: return !(e->userlocks & SOCK_BINDPORT_LOCK);
	case INET_DIAG_BC_S_COND: case INET_DIAG_BC_D_COND: return host_matches(op, e);
	case INET_DIAG_BC_DEV_COND: return *(const u32 *)(op + 1) == e->ifindex;
	case INET_DIAG_BC_MARK_COND: return (e->mark & mark->mask) == mark->mark;
	}
	return false;
}

bool inet_diag_bc_run(const struct nlattr *bc, const struct inet_diag_entry *e)
{
	const u8 *p = nla_data(bc);
	int len = nla_len(bc);

	while (len > 0) {
		const struct inet_diag_bc_op *op = (const void *)p;
		int step = op_holds(op, e) ? op->yes : op->no;

		len -= step;
		p += step;
	}
	return !len;
}
