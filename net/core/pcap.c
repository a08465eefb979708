/* --pcap=FILE: every packet of every device as pcapng (draft-ietf-opsawg-pcapng), with the interface's name, its direction, and
 * as a comment the process and the system call in which it was sent.
 *
 * What goes out is captured where it leaves, behind netem; what a device other than lo brings in, where it comes in: so a
 * packet over lo is there once. Checksums are complete, whatever the stack left out. */
#include "../dev.h"
#include "../sock.h"
#include "host.h"
#include "ktime.h"
#include "sched.h"
#include "string.h"
#include "syscalls.h"
#include <linux/if.h>

#define BLOCK_SECTION 0x0a0d0d0au
#define BLOCK_INTERFACE 1u
#define BLOCK_PACKET 6u
#define LINKTYPE_ETHERNET 1
#define LINKTYPE_RAW 101
#define OPT_END 0
#define OPT_COMMENT 1
#define OPT_IF_NAME 2
#define OPT_IF_TSRESOL 9
#define OPT_FLAGS 2
#define INTERFACES_MOST 64

/* A block under construction; blocks but for the packet's bytes are small. */
struct block {
	u8 bytes[256];
	u32 size;
};
static struct net_device *interfaces[INTERFACES_MOST]; /* by the file's number */
static unsigned ninterfaces;

static void put(struct block *b, const void *data, u32 size)
{
	memcpy(b->bytes + b->size, data, size);
	b->size += size;
	while (b->size % 4)
		b->bytes[b->size++] = 0;
}

static void put32(struct block *b, u32 v) { put(b, &v, sizeof(v)); }

static void put_option(struct block *b, u16 code, const void *data, u16 size)
{
	put32(b, (u32)size << 16 | code);
	put(b, data, size);
}

/* Type and length go ahead, and the length behind; @more bytes come between block and end. */
static void write_block(u32 type, const struct block *b, const void *data, u32 more, const struct block *options)
{
	static const u8 zero[4];
	u32 padded = (more + 3) & ~3u, total = 12 + b->size + padded + (options ? options->size : 0), head[2] = { type, total };

	host_capture(head, sizeof(head));
	host_capture(b->bytes, b->size);
	host_capture(data, more);
	host_capture(zero, padded - more);
	if (options)
		host_capture(options->bytes, options->size);
	host_capture(&total, sizeof(total));
}

static void write_section(void)
{
	struct block b = { .size = 0 };

	put32(&b, 0x1a2b3c4d);
	put32(&b, 1);          /* version 1.0 */
	put32(&b, ~0u);        /* length unknown */
	put32(&b, ~0u);
	write_block(BLOCK_SECTION, &b, NULL, 0, NULL);
}

/* The file's number of @dev, which is described there when it is met first; -1: too many. */
static int interface_of(struct net_device *dev)
{
	struct block b = { .size = 0 };
	u8 nanoseconds = 9;

	for (unsigned i = 0; i < ninterfaces; i++)
		if (interfaces[i] == dev)
			return (int)i;
	if (ninterfaces == INTERFACES_MOST)
		return -1;
	put32(&b, dev->hard_header_len ? LINKTYPE_ETHERNET : LINKTYPE_RAW);
	put32(&b, 0); /* no limit on a packet's length */
	put_option(&b, OPT_IF_NAME, dev->name, (u16)strlen(dev->name));
	put_option(&b, OPT_IF_TSRESOL, &nanoseconds, 1);
	put32(&b, OPT_END);
	write_block(BLOCK_INTERFACE, &b, NULL, 0, NULL);
	interfaces[ninterfaces] = dev;
	return (int)ninterfaces++;
}

static void describe(struct block *options, int dir)
{
	u32 flags = dir == DEV_TX ? 2 : 1;
	char text[96];
	const char *call = NULL;
	int nr = current ? current->in_syscall : -1;

	if (nr >= 0 && (unsigned)nr < sys_call_table_size)
		call = syscall_names[nr];
	if (call)
		ksnprintf(text, sizeof(text), "pid %d %s", current->pid, call);
	else
		strscpy(text, "timer", sizeof(text));
	put_option(options, OPT_COMMENT, text, (u16)strlen(text));
	put_option(options, OPT_FLAGS, &flags, sizeof(flags));
	put32(options, OPT_END);
}

static void pcap_packet(struct net_device *dev, struct sk_buff *skb, int dir)
{
	struct block b = { .size = 0 }, options = { .size = 0 };
	struct sk_buff *summed = NULL;
	u64 now = ktime_get_real();
	int number;

	if (dir == DEV_RX && dev->flags & IFF_LOOPBACK)
		return;
	number = interface_of(dev);
	if (number < 0)
		return;
	if (dir == DEV_TX && skb->ip_summed == CHECKSUM_PARTIAL) {
		summed = skb_copy(skb);
		if (!summed || skb_checksum_help(summed)) {
			kfree_skb(summed);
			return;
		}
		skb = summed;
	}
	put32(&b, (u32)number);
	put32(&b, (u32)(now >> 32));
	put32(&b, (u32)now);
	put32(&b, skb->len);
	put32(&b, skb->len);
	describe(&options, dir);
	write_block(BLOCK_PACKET, &b, skb->data, skb->len, &options);
	kfree_skb(summed);
}

void pcap_init(void)
{
	if (!umk_options.pcap)
		return;
	ninterfaces = 0;
	write_section();
	dev_capture = pcap_packet;
}
