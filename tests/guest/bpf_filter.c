/* SO_ATTACH_FILTER: what programs are taken, what they see of a datagram, and SO_GET_FILTER, SO_LOCK_FILTER. */
#include "inet.h"
#include <linux/filter.h>

static int attach(int s, struct sock_filter *f, unsigned count)
{
	struct sock_fprog prog = { count, f };

	return setsockopt(s, SOL_SOCKET, SO_ATTACH_FILTER, &prog, sizeof(prog));
}
#define ATTACH(s, ...) ({ struct sock_filter f[] = { __VA_ARGS__ }; attach(s, f, sizeof(f) / sizeof(f[0])); })
#define ST(code, k) BPF_STMT(code, (unsigned)(k))
#define JU(code, k, t, f) BPF_JUMP(code, (unsigned)(k), t, f)

static void try(int a, int b, const char *text)
{
	send_to(b, text, "127.0.0.1", port_of(a));
	receive(a);
}

int main(void)
{
	int a = bound("127.0.0.1"), b = bound("127.0.0.1");
	struct sock_filter got[10];
	struct sock_fprog prog = { 0, NULL };
	socklen_t n;

	SHOW(ATTACH(a, ST(BPF_RET | BPF_K, 0)));
	try(a, b, "dropped");
	SHOW(ATTACH(a, ST(BPF_RET | BPF_K, 12)));
	try(a, b, "cut to four");
	SHOW(ATTACH(a, ST(BPF_RET | BPF_K, 1)));
	try(a, b, "cut to nothing");
	/* The UDP header comes first: its length, and the payload's first byte. */
	SHOW(ATTACH(a, ST(BPF_LD | BPF_B | BPF_ABS, 8), JU(BPF_JMP | BPF_JEQ | BPF_K, 'y', 0, 1), ST(BPF_RET | BPF_K, -1),
		ST(BPF_RET | BPF_K, 0)));
	try(a, b, "yes");
	try(a, b, "no");
	try(a, b, "");
	SHOW(ATTACH(a, ST(BPF_LD | BPF_W | BPF_LEN, 0), ST(BPF_ALU | BPF_SUB | BPF_K, 2), ST(BPF_RET | BPF_A, 0)));
	try(a, b, "minus two");
	SHOW(ATTACH(a, ST(BPF_LD | BPF_B | BPF_ABS, SKF_NET_OFF + 9), JU(BPF_JMP | BPF_JEQ | BPF_K, 17, 0, 1),
		ST(BPF_RET | BPF_K, 10), ST(BPF_RET | BPF_K, 0)));
	try(a, b, "protocol 17");
	SHOW(ATTACH(a, ST(BPF_LD | BPF_H | BPF_ABS, SKF_LL_OFF + 12), JU(BPF_JMP | BPF_JEQ | BPF_K, 0x800, 0, 1),
		ST(BPF_RET | BPF_K, 10), ST(BPF_RET | BPF_K, 0)));
	try(a, b, "ethernet type");
	SHOW(ATTACH(a, ST(BPF_LD | BPF_W | BPF_ABS, SKF_AD_OFF + SKF_AD_PROTOCOL), JU(BPF_JMP | BPF_JEQ | BPF_K, 0x800, 0, 1),
		ST(BPF_RET | BPF_K, 11), ST(BPF_RET | BPF_K, 0)));
	try(a, b, "protocol");
	SHOW(ATTACH(a, ST(BPF_LD | BPF_W | BPF_ABS, SKF_AD_OFF + SKF_AD_IFINDEX), ST(BPF_ALU | BPF_ADD | BPF_K, 8),
		ST(BPF_RET | BPF_A, 0)));
	try(a, b, "ifindex");
	SHOW(ATTACH(a, ST(BPF_LD | BPF_W | BPF_ABS, SKF_AD_OFF + SKF_AD_HATYPE), JU(BPF_JMP | BPF_JEQ | BPF_K, 772, 0, 1),
		ST(BPF_RET | BPF_K, 13), ST(BPF_RET | BPF_K, 0)));
	try(a, b, "hatype");
	SHOW(ATTACH(a, ST(BPF_LD | BPF_W | BPF_ABS, SKF_AD_OFF + SKF_AD_PAY_OFFSET), ST(BPF_RET | BPF_A, 0)));
	try(a, b, "payload offset 0123456789 0123456789");
	SHOW(ATTACH(a, ST(BPF_LD | BPF_W | BPF_ABS, 1000), ST(BPF_RET | BPF_K, -1)));
	try(a, b, "beyond the end");
	SHOW(ATTACH(a, ST(BPF_LDX | BPF_B | BPF_MSH, SKF_NET_OFF), ST(BPF_MISC | BPF_TXA, 0), ST(BPF_ALU | BPF_DIV | BPF_K, 2),
		ST(BPF_ST, 3), ST(BPF_LD | BPF_MEM, 3), ST(BPF_ALU | BPF_MUL | BPF_K, 1), ST(BPF_ALU | BPF_OR | BPF_K, 1),
		ST(BPF_RET | BPF_A, 0)));
	try(a, b, "header length");
	SHOW(ATTACH(a, ST(BPF_LDX | BPF_IMM, 0), ST(BPF_LD | BPF_IMM, 5), ST(BPF_ALU | BPF_DIV | BPF_X, 0),
		ST(BPF_RET | BPF_K, -1)));
	try(a, b, "division by zero");
	SHOW(ATTACH(a, ST(BPF_LD | BPF_IMM, 1), ST(BPF_ALU | BPF_LSH | BPF_K, 4), ST(BPF_ALU | BPF_XOR | BPF_K, 3),
		ST(BPF_ALU | BPF_AND | BPF_K, 0x1e), ST(BPF_ALU | BPF_RSH | BPF_K, 1), ST(BPF_ALU | BPF_NEG, 0),
		ST(BPF_ALU | BPF_NEG, 0), ST(BPF_ALU | BPF_MOD | BPF_K, 100), ST(BPF_ALU | BPF_ADD | BPF_K, 4),
		ST(BPF_RET | BPF_A, 0)));
	try(a, b, "arithmetic");
	SHOW(ATTACH(a, ST(BPF_JMP | BPF_JA, 1), ST(BPF_RET | BPF_K, 0), ST(BPF_LD | BPF_IMM, 6),
		JU(BPF_JMP | BPF_JGT | BPF_K, 5, 0, 3), JU(BPF_JMP | BPF_JGE | BPF_K, 7, 2, 0), JU(BPF_JMP | BPF_JSET | BPF_K, 4, 0, 1),
		ST(BPF_RET | BPF_K, 14), ST(BPF_RET | BPF_K, 0)));
	try(a, b, "jumps");
	n = 0;
	SHOW(getsockopt(a, SOL_SOCKET, SO_GET_FILTER, got, &n));
	SHOW(n);
	n = 2;
	SHOW(getsockopt(a, SOL_SOCKET, SO_GET_FILTER, got, &n));
	n = 10;
	SHOW(getsockopt(a, SOL_SOCKET, SO_GET_FILTER, got, &n));
	printf("%u: code %#x k %u\n", n, got[2].code, got[2].k);
	/* Refused programs. */
	SHOW(ATTACH(a, ST(BPF_LD | BPF_IMM, 1)));
	SHOW(ATTACH(a, ST(BPF_ALU | BPF_DIV | BPF_K, 0), ST(BPF_RET | BPF_K, 0)));
	SHOW(ATTACH(a, ST(BPF_ALU | BPF_LSH | BPF_K, 32), ST(BPF_RET | BPF_K, 0)));
	SHOW(ATTACH(a, ST(BPF_ST, 16), ST(BPF_RET | BPF_K, 0)));
	SHOW(ATTACH(a, ST(BPF_LD | BPF_MEM, 1), ST(BPF_RET | BPF_K, 0)));
	SHOW(ATTACH(a, ST(BPF_JMP | BPF_JA, 1), ST(BPF_RET | BPF_K, 0)));
	SHOW(ATTACH(a, JU(BPF_JMP | BPF_JEQ | BPF_K, 1, 0, 1), ST(BPF_RET | BPF_K, 0)));
	SHOW(ATTACH(a, ST(0xffff, 1), ST(BPF_RET | BPF_K, 0)));
	SHOW(ATTACH(a, ST(BPF_RET | BPF_X, 1)));
	SHOW(ATTACH(a, ST(BPF_LD | BPF_W | BPF_ABS, SKF_AD_OFF + 1000), ST(BPF_RET | BPF_K, 0)));
	SHOW(setsockopt(a, SOL_SOCKET, SO_ATTACH_FILTER, &prog, sizeof(prog)));
	prog.len = 1;
	SHOW(setsockopt(a, SOL_SOCKET, SO_ATTACH_FILTER, &prog, sizeof(prog)));
	prog.filter = BAD_PTR;
	SHOW(setsockopt(a, SOL_SOCKET, SO_ATTACH_FILTER, &prog, sizeof(prog)));
	prog.len = 5000;
	SHOW(setsockopt(a, SOL_SOCKET, SO_ATTACH_FILTER, &prog, sizeof(prog)));
	SHOW(setsockopt(a, SOL_SOCKET, SO_ATTACH_FILTER, &prog, 8));
	SHOW(setsockopt(a, SOL_SOCKET, SO_ATTACH_FILTER, BAD_PTR, sizeof(prog)));
	try(a, b, "the old one");
	SHOW(set_int(a, SOL_SOCKET, SO_DETACH_FILTER, 0));
	SHOW(set_int(a, SOL_SOCKET, SO_DETACH_FILTER, 0));
	try(a, b, "no filter");
	SHOW(ATTACH(a, ST(BPF_RET | BPF_K, -1)));
	SHOW(set_int(a, SOL_SOCKET, SO_LOCK_FILTER, 1));
	SHOW(set_int(a, SOL_SOCKET, SO_DETACH_FILTER, 0));
	SHOW(ATTACH(a, ST(BPF_RET | BPF_K, -1)));
	SHOW(set_int(a, SOL_SOCKET, SO_LOCK_FILTER, 0));
	SHOW(set_int(a, SOL_SOCKET, SO_LOCK_FILTER, 1));
	SHOW(set_int(b, SOL_SOCKET, SO_ATTACH_BPF, -1));
	return 0;
}
