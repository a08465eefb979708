/* /proc/net: the table of its files, and those about devices and protocols. The formats are Linux's to the character:
 * netstat(8), ifconfig(8) and many others read them. */
#include "../dev.h"
#include "../proc.h"
#include "../sock.h"
#include <linux/if.h>
#include <linux/stat.h>

unsigned long long proc_sock_id(struct sock *sk)
{
	return sock_gen_cookie(sk);
}

void proc_pad_line(struct seq *s, size_t start, size_t width)
{
	if (s->len - start < width)
		seq_printf(s, "%*s", (int)(width - (s->len - start)), "");
	seq_puts(s, "\n");
}

static void dev_show(struct seq *s, const struct proc_ctx *c __maybe_unused)
{
	const struct net_device *dev;

	seq_puts(s, "Inter-|   Receive                                                |  Transmit\n"
		" face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed\n");
	list_for_each_entry(dev, &net_devices, list) {
		const struct netdev_stats *n = &dev->stats;

		seq_printf(s, "%6s: %7llu %7llu %4llu %4llu %4u %5u %10u %9llu %8llu %7llu %4llu %4llu %4u %5u %7u %10u\n", dev->name,
			(unsigned long long)n->rx_bytes, (unsigned long long)n->rx_packets, (unsigned long long)n->rx_errors,
			(unsigned long long)n->rx_dropped, 0, 0, 0, (unsigned long long)n->multicast, (unsigned long long)n->tx_bytes,
			(unsigned long long)n->tx_packets, (unsigned long long)n->tx_errors, (unsigned long long)n->tx_dropped, 0, 0, 0, 0);
	}
}

static void ptype_show(struct seq *s, const struct proc_ctx *c __maybe_unused)
{
	seq_puts(s, "Type Device      Function\n0800          ip_rcv\n86dd          ipv6_rcv\n");
}

/* The protocol's calls, in the order of the columns. */
static void protocols_show(struct seq *s, const struct proc_ctx *c __maybe_unused)
{
	struct proto *p;

	seq_printf(s, "%-9s %-4s %-8s %-6s %-5s %-7s %-4s %-10s%s", "protocol", "size", "sockets", "memory", "press", "maxhdr", "slab", "module",
		" cl co di ac io in de sh ss gs se re bi br ha uh gp em\n");
	for (struct list_head *l = proto_list.prev; l != &proto_list; l = l->prev) {
		p = list_entry(l, struct proto, list);
		const bool has[18] = { p->close != NULL, p->connect, p->disconnect, p->accept, p->ioctl, p->init, p->destroy, p->shutdown,
			p->setsockopt, p->getsockopt, p->sendmsg, p->recvmsg, p->bind, p->backlog_rcv, p->hash, p->unhash, p->get_port,
			p->accept };

		seq_printf(s, "%-9s %4u %6u  %6ld   %-3s %6u   %-3s  %-10s ", p->name, p->obj_size, p->inuse,
			p->mem ? proto_mem_pages(p->mem) : -1l,
			!p->mem || !p->mem->can_press ? "NI" : p->mem->pressed_since ? "yes" : "no", p->max_header, p->slab ? "yes" : "no", "kernel");
		for (unsigned i = 0; i < 18; i++)
			seq_printf(s, "%2c%s", has[i] ? 'y' : 'n', i == 17 ? "\n" : " ");
	}
}

static void packet_show(struct seq *s, const struct proc_ctx *c __maybe_unused)
{
	seq_puts(s, "sk               RefCnt Type Proto  Iface R Rmem   User   Inode\n");
}

static void psched_show(struct seq *s, const struct proc_ctx *c __maybe_unused)
{
	seq_puts(s, "000003e8 00000040 000f4240 3b9aca00\n");
}

static void mcfilter_show(struct seq *s, const struct proc_ctx *c __maybe_unused)
{
	seq_puts(s, "Idx Device        MCA        SRC    INC    EXC\n");
}

static void mcfilter6_show(struct seq *s, const struct proc_ctx *c __maybe_unused)
{
	seq_puts(s, "Idx Device                Multicast Address                   Source Address    INC    EXC\n");
}

static void nothing_show(struct seq *s __maybe_unused, const struct proc_ctx *c __maybe_unused)
{
}

#define FILE(n, fn) { .name = (n), .mode = S_IFREG | 0444, .show = (fn) }
const struct proc_row proc_net_rows[] = {
	FILE("anycast6", nothing_show), FILE("arp", proc_arp_show), FILE("dev", dev_show), FILE("dev_mcast", nothing_show),
	FILE("fib_trie", proc_fib_trie_show), FILE("icmp", proc_icmp_show), FILE("icmp6", proc_icmp6_show),
	FILE("if_inet6", proc_if_inet6_show), FILE("igmp", proc_igmp_show), FILE("igmp6", proc_igmp6_show),
	FILE("ipv6_route", proc_ipv6_route_show), FILE("mcfilter", mcfilter_show), FILE("mcfilter6", mcfilter6_show),
	FILE("netlink", proc_netlink_show), FILE("netstat", proc_netstat_show), FILE("packet", packet_show),
	FILE("protocols", protocols_show), FILE("psched", psched_show), FILE("ptype", ptype_show), FILE("raw", proc_raw_show),
	FILE("raw6", proc_raw6_show), FILE("route", proc_route_show), FILE("snmp", proc_snmp_show), FILE("snmp6", proc_snmp6_show),
	FILE("sockstat", proc_sockstat_show), FILE("sockstat6", proc_sockstat6_show), FILE("tcp", proc_tcp_show),
	FILE("tcp6", proc_tcp6_show), FILE("udp", proc_udp_show), FILE("udp6", proc_udp6_show), FILE("udplite", proc_udplite_show),
	FILE("udplite6", proc_udplite6_show), FILE("unix", proc_unix_show), { 0 },
};
