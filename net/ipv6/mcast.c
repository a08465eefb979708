/* IPv6 memberships: which groups a socket has joined on which device and from which sources, and, summed up per device, what
 * is received. Anycast addresses need routers or a host that forwards; joining them is refused. */
#include "../ipv6.h"
#include "kerrno.h"
#include "ledger.h"
#include "slab.h"
#include "string.h"
#include "uaccess.h"
#include <linux/if.h>
#include <linux/in.h>

struct ip6_sf_socklist {
	u32 max, count;
	struct in6_addr addr[];
};
struct ipv6_mc_socklist {
	struct ipv6_mc_socklist *next;
	struct in6_addr addr;
	int ifindex;
	u32 sfmode;
	struct ip6_sf_socklist *sflist;
};
#define SF_SIZE(max) (sizeof(struct ip6_sf_socklist) + (max) * sizeof(struct in6_addr))

static struct ifmcaddr6 *find_group(const struct net_device *dev, const struct in6_addr *group)
{
	struct ifmcaddr6 *ma;

	list_for_each_entry(ma, &dev->mc6, list)
		if (ipv6_addr_equal(&ma->group, group))
			return ma;
	return NULL;
}

static int dev_group_get(struct net_device *dev, const struct in6_addr *group)
{
	struct ifmcaddr6 *ma = find_group(dev, group);

	if (ma) {
		ma->users++;
		return 0;
	}
	ma = kzalloc(sizeof(*ma));
	if (!ma)
		return -ENOMEM;
	ma->dev = dev;
	ma->group = *group;
	ma->users = 1;
	list_add(&ma->list, &dev->mc6);
	return 0;
}

static void dev_group_put(struct net_device *dev, const struct in6_addr *group)
{
	struct ifmcaddr6 *ma = find_group(dev, group);

	if (ma && !--ma->users) {
		list_del(&ma->list);
		kfree(ma);
	}
}

bool ipv6_chk_mcast_addr(struct net_device *dev, const struct in6_addr *group, const struct in6_addr *src __maybe_unused)
{
	if (!dev)
		return false;
	/* Every device listens to all nodes, of the interface and of the link. */
	return ipv6_addr_equal(group, &in6addr_linklocal_allnodes) || ipv6_addr_equal(group, &in6addr_interfacelocal_allnodes)
		|| find_group(dev, group);
}

/* By index, or the device that the route to the group takes. */
static struct net_device *mc_find_dev(int ifindex, const struct in6_addr *group)
{
	struct flowi6 fl6 = { .daddr = *group };
	struct net_device *dev = NULL;
	struct dst_entry *dst;

	if (ifindex)
		return dev_get_by_index(ifindex);
	dst = ip6_route_output(NULL, &fl6);
	if (!dst->error)
		dev = dst->dev;
	dst_release(dst);
	return dev;
}

static int mc_join(struct sock *sk, int ifindex, const struct in6_addr *addr, u32 mode)
{
	struct ipv6_pinfo *np = inet6_sk(sk);
	struct ipv6_mc_socklist *mc;
	struct net_device *dev;
	int err;

	if (!ipv6_addr_is_multicast(addr))
		return -EINVAL;
	for (mc = np->ipv6_mc_list; mc; mc = mc->next)
		if ((!ifindex || mc->ifindex == ifindex) && ipv6_addr_equal(&mc->addr, addr))
			return -EADDRINUSE;
	dev = mc_find_dev(ifindex, addr);
	if (!dev)
		return -ENODEV;
	mc = sock_kmalloc(sk, sizeof(*mc));
	if (!mc)
		return -ENOMEM;
	err = dev_group_get(dev, addr);
	if (err) {
		sock_kfree(sk, mc, sizeof(*mc));
		return err;
	}
	*mc = (struct ipv6_mc_socklist){ .next = np->ipv6_mc_list, .addr = *addr, .ifindex = dev->ifindex, .sfmode = mode };
	np->ipv6_mc_list = mc;
	return 0;
}

int ipv6_sock_mc_join(struct sock *sk, int ifindex, const struct in6_addr *addr)
{
	return mc_join(sk, ifindex, addr, MCAST_EXCLUDE);
}

int ipv6_sock_mc_join_ssm(struct sock *sk, int ifindex, const struct in6_addr *addr, u32 mode)
{
	return mc_join(sk, ifindex, addr, mode);
}

static void free_membership(struct sock *sk, struct ipv6_mc_socklist *mc)
{
	struct net_device *dev = dev_get_by_index(mc->ifindex);

	if (dev)
		dev_group_put(dev, &mc->addr);
	if (mc->sflist)
		sock_kfree(sk, mc->sflist, SF_SIZE(mc->sflist->max));
	sock_kfree(sk, mc, sizeof(*mc));
}

int ipv6_sock_mc_drop(struct sock *sk, int ifindex, const struct in6_addr *addr)
{
	struct ipv6_mc_socklist **p, *mc;

	if (!ipv6_addr_is_multicast(addr))
		return -EINVAL;
	for (p = &inet6_sk(sk)->ipv6_mc_list; (mc = *p); p = &mc->next)
		if ((!ifindex || mc->ifindex == ifindex) && ipv6_addr_equal(&mc->addr, addr)) {
			*p = mc->next;
			free_membership(sk, mc);
			return 0;
		}
	return -EADDRNOTAVAIL;
}

void ipv6_sock_mc_close(struct sock *sk)
{
	struct ipv6_pinfo *np = inet6_sk(sk);
	struct ipv6_mc_socklist *mc;

	while (np && (mc = np->ipv6_mc_list)) {
		np->ipv6_mc_list = mc->next;
		free_membership(sk, mc);
	}
}

bool inet6_mc_check(const struct sock *sk, const struct in6_addr *mc_addr, const struct in6_addr *src_addr)
{
	const struct ipv6_pinfo *np = inet6_sk(sk);
	const struct ipv6_mc_socklist *mc;
	u32 i;

	for (mc = np->ipv6_mc_list; mc; mc = mc->next)
		if (ipv6_addr_equal(&mc->addr, mc_addr))
			break;
	if (!mc)
		return np->mc_all;
	if (!mc->sflist)
		return mc->sfmode == MCAST_EXCLUDE;
	for (i = 0; i < mc->sflist->count; i++)
		if (ipv6_addr_equal(&mc->sflist->addr[i], src_addr))
			break;
	return (mc->sfmode == MCAST_INCLUDE) == (i < mc->sflist->count);
}

static struct ipv6_mc_socklist *find_membership(const struct sock *sk, int ifindex, const struct in6_addr *group)
{
	struct ipv6_mc_socklist *mc;

	for (mc = inet6_sk(sk)->ipv6_mc_list; mc; mc = mc->next)
		if ((!ifindex || mc->ifindex == ifindex) && ipv6_addr_equal(&mc->addr, group))
			return mc;
	return NULL;
}

int ip6_mc_source(bool add, int omode, struct sock *sk, const struct group_source_req *g)
{
	const struct in6_addr *source = &((const struct sockaddr_in6 *)&g->gsr_source)->sin6_addr;
	const struct in6_addr *group = &((const struct sockaddr_in6 *)&g->gsr_group)->sin6_addr;
	struct ip6_sf_socklist *psl;
	struct ipv6_mc_socklist *mc;
	u32 i;

	if (!ipv6_addr_is_multicast(group))
		return -EINVAL;
	if (!mc_find_dev((int)g->gsr_interface, group))
		return -ENODEV;
	mc = find_membership(sk, (int)g->gsr_interface, group);
	if (!mc)
		return -EINVAL;
	if (mc->sfmode != (u32)omode) {
		if (mc->sflist)
			return -EINVAL;
		mc->sfmode = (u32)omode;
	}
	psl = mc->sflist;
	for (i = 0; psl && i < psl->count && !ipv6_addr_equal(&psl->addr[i], source); i++)
		;
	if (!add) {
		if (!psl || i == psl->count)
			return -EADDRNOTAVAIL;
		if (psl->count == 1 && omode == MCAST_INCLUDE)
			return ipv6_sock_mc_drop(sk, (int)g->gsr_interface, group);
		for (; i + 1 < psl->count; i++)
			psl->addr[i] = psl->addr[i + 1];
		psl->count--;
		return 0;
	}
	if (psl && i < psl->count)
		return -EADDRNOTAVAIL;
	if (psl && psl->count >= (u32)net_sysctl.ip6_mld_max_msf)
		return -ENOBUFS;
	if (!psl || psl->count == psl->max) {
		u32 max = (psl ? psl->max : 0) + 10;
		struct ip6_sf_socklist *n = sock_kmalloc(sk, SF_SIZE(max));

		if (!n)
			return -ENOBUFS;
		n->max = max;
		n->count = psl ? psl->count : 0;
		if (psl) {
			memcpy(n->addr, psl->addr, psl->count * sizeof(struct in6_addr));
			sock_kfree(sk, psl, SF_SIZE(psl->max));
		}
		mc->sflist = psl = n;
	}
	psl->addr[psl->count++] = *source;
	return 0;
}

int ip6_mc_msfilter(struct sock *sk, const struct group_filter *gsf, const struct sockaddr_storage *list)
{
	const struct in6_addr *group = &((const struct sockaddr_in6 *)&gsf->gf_group)->sin6_addr;
	struct ip6_sf_socklist *psl = NULL;
	struct ipv6_mc_socklist *mc;

	if (!ipv6_addr_is_multicast(group))
		return -EINVAL;
	if (gsf->gf_fmode != MCAST_INCLUDE && gsf->gf_fmode != MCAST_EXCLUDE)
		return -EINVAL;
	if (!mc_find_dev((int)gsf->gf_interface, group))
		return -ENODEV;
	if (gsf->gf_fmode == MCAST_INCLUDE && !gsf->gf_numsrc)
		return ipv6_sock_mc_drop(sk, (int)gsf->gf_interface, group);
	mc = find_membership(sk, (int)gsf->gf_interface, group);
	if (!mc)
		return -EINVAL;
	if (gsf->gf_numsrc) {
		psl = sock_kmalloc(sk, SF_SIZE(gsf->gf_numsrc));
		if (!psl)
			return -ENOBUFS;
		psl->max = psl->count = gsf->gf_numsrc;
		for (u32 i = 0; i < psl->count; i++)
			psl->addr[i] = ((const struct sockaddr_in6 *)&list[i])->sin6_addr;
	}
	if (mc->sflist)
		sock_kfree(sk, mc->sflist, SF_SIZE(mc->sflist->max));
	mc->sflist = psl;
	mc->sfmode = gsf->gf_fmode;
	return 0;
}

int ip6_mc_msfget(struct sock *sk, struct group_filter *gsf, void __user *list, size_t room)
{
	const struct in6_addr *group = &((const struct sockaddr_in6 *)&gsf->gf_group)->sin6_addr;
	const struct ipv6_mc_socklist *mc;
	u32 count;

	if (gsf->gf_group.ss_family != AF_INET6)
		return -EADDRNOTAVAIL;
	if (!ipv6_addr_is_multicast(group))
		return -EINVAL;
	mc = find_membership(sk, (int)gsf->gf_interface, group);
	if (!mc)
		return -EADDRNOTAVAIL;
	gsf->gf_fmode = mc->sfmode;
	count = mc->sflist ? mc->sflist->count : 0;
	for (u32 i = 0; i < count && i < room; i++) {
		struct sockaddr_storage ss;
		struct sockaddr_in6 *sin6 = (struct sockaddr_in6 *)&ss;

		memset(&ss, 0, sizeof(ss));
		sin6->sin6_family = AF_INET6;
		sin6->sin6_addr = mc->sflist->addr[i];
		if (copy_to_user((char __user *)list + i * sizeof(ss), &ss, sizeof(ss)))
			return -EFAULT;
	}
	gsf->gf_numsrc = count;
	return 0;
}

/* ---- anycast ---- */

int ipv6_sock_ac_join(struct sock *sk __maybe_unused, int ifindex, const struct in6_addr *addr)
{
	if (ipv6_addr_is_multicast(addr))
		return -EINVAL;
	if (ifindex && !dev_get_by_index(ifindex))
		return -ENODEV;
	LEDGER("IPV6_JOIN_ANYCAST", ifindex);
	return -EADDRNOTAVAIL;
}

int ipv6_sock_ac_drop(struct sock *sk __maybe_unused, int ifindex __maybe_unused, const struct in6_addr *addr __maybe_unused)
{
	return -ENOENT;
}

void ipv6_sock_ac_close(struct sock *sk __maybe_unused)
{
}
