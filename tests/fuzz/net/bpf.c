/* Classic BPF: the first bytes are a program, the rest is the packet that it is run on. */
#include "net.h"

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct input in = { data, data + size };
	u32 count = in8(&in) % 64 + 1;
	struct sk_filter *f;
	struct sk_buff *skb;

	fuzz_start();
	f = kzalloc(sizeof(*f) + count * sizeof(f->insns[0]));
	f->refs = 1;
	f->len = (u16)count;
	for (u32 i = 0; i < count; i++) {
		u8 c = in8(&in), mode = in8(&in);

		f->insns[i].code = mode & 1 ? (u16)(c | mode << 8) : c;
		/* Small numbers, ends, and the ancillary offsets: what programs have. */
		f->insns[i].k = mode & 2 ? in32(&in) : mode & 4 ? (u32)SKF_AD_OFF + in8(&in) : mode & 8 ? (u32)SKF_LL_OFF + in8(&in) :
			mode & 16 ? (u32)SKF_NET_OFF + in8(&in) : in8(&in);
		if (BPF_CLASS(f->insns[i].code) == BPF_JMP)
			f->insns[i].jt = in8(&in) % (mode & 32 ? 256 : 4), f->insns[i].jf = in8(&in) % (mode & 64 ? 256 : 4);
	}
	if (in8(&in) & 1) /* a program must end with one of these */
		f->insns[count - 1] = (struct sock_filter){ .code = BPF_RET | BPF_A };
	if (!bpf_check_classic(f->insns, count)) {
		skb = fuzz_skb(in.p, (u32)(in.end - in.p));
		if (size & 1)
			skb_pull(skb, min(skb->len, 20u));
		skb->mark = 0x11223344;
		bpf_prog_run(f, skb);
		kfree_skb(skb);
	}
	sk_filter_put(f);
	return 0;
}
