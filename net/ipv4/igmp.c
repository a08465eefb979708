/* IPv4 multicast memberships, ip(7): which groups a socket has joined on which device, from which sources it wants to hear,
 * and, summed up per device, which groups are received at all. Without other hosts there is nobody to report to. */
#include "../ip.h"
#include "kerrno.h"
#include "slab.h"
#include "string.h"
#include "uaccess.h"
#include <linux/if.h>
#include <linux/igmp.h>

struct ip_sf_socklist {
	u32 max, count;
	__be32 addr[];
};
struct ip_mc_socklist {
	struct ip_mc_socklist *next;
	struct ip_mreqn multi;
	u32 sfmode;                 /* MCAST_EXCLUDE or MCAST_INCLUDE */
	struct ip_sf_socklist *sflist; /* or NULL */
};
#define SF_SIZE(max) (sizeof(struct ip_sf_socklist) + (max) * sizeof(__be32))

/* ---- devices ---- */

static struct ip_mc_dev *find_group(const struct net_device *dev, __be32 group)
{
	struct ip_mc_dev *im;

	list_for_each_entry(im, &dev->mc4, list)
		if (im->group == group)
			return im;
	return NULL;
}

static int dev_group_get(struct net_device *dev, __be32 group)
{
	struct ip_mc_dev *im = find_group(dev, group);

	if (im) {
		im->users++;
		return 0;
	}
	im = kzalloc(sizeof(*im));
	if (!im)
		return -ENOMEM;
	im->group = group;
	im->users = 1;
	list_add(&im->list, &dev->mc4);
	return 0;
}

static void dev_group_put(struct net_device *dev, __be32 group)
{
	struct ip_mc_dev *im = find_group(dev, group);

	if (im && !--im->users) {
		list_del(&im->list);
		kfree(im);
	}
}

bool ip_check_mc(const struct net_device *dev, __be32 group, __be32 src __maybe_unused, u8 proto)
{
	if (group == htonl(INADDR_ALLHOSTS_GROUP) || proto == IPPROTO_IGMP)
		return true;
	return find_group(dev, group) != NULL;
}

/* ---- sockets ---- */

/* The device that a request means: by index, by its address, or by the route to the group. */
static struct net_device *ip_mc_find_dev(struct ip_mreqn *imr)
{
	struct net_device *dev = NULL;

	if (imr->imr_ifindex)
		return dev_get_by_index(imr->imr_ifindex);
	if (imr->imr_address.s_addr) {
		dev = ip_dev_find(imr->imr_address.s_addr);
		if (!dev)
			return NULL;
	}
	if (!dev) {
		struct flowi4 fl4 = { .daddr = imr->imr_multiaddr.s_addr };
		struct rtable *rt = ip_route_output_key(&fl4);

		if (!IS_ERR(rt)) {
			dev = rt->dst.dev;
			ip_rt_put(rt);
		}
	}
	if (dev)
		imr->imr_ifindex = dev->ifindex;
	return dev;
}

static int join_group(struct sock *sk, struct ip_mreqn *imr, u32 mode)
{
	struct inet_sock *inet = inet_sk(sk);
	struct ip_mc_socklist *iml;
	struct net_device *dev;
	int count = 0, err;

	if (!ipv4_is_multicast(imr->imr_multiaddr.s_addr))
		return -EINVAL;
	dev = ip_mc_find_dev(imr);
	if (!dev)
		return -ENODEV;
	for (iml = inet->mc_list; iml; iml = iml->next) {
		if (iml->multi.imr_multiaddr.s_addr == imr->imr_multiaddr.s_addr && iml->multi.imr_ifindex == dev->ifindex)
			return -EADDRINUSE;
		count++;
	}
	if (count >= net_sysctl.igmp_max_memberships)
		return -ENOBUFS;
	iml = sock_kmalloc(sk, sizeof(*iml));
	if (!iml)
		return -ENOBUFS;
	err = dev_group_get(dev, imr->imr_multiaddr.s_addr);
	if (err) {
		sock_kfree(sk, iml, sizeof(*iml));
		return err;
	}
	*iml = (struct ip_mc_socklist){ .next = inet->mc_list, .multi = *imr, .sfmode = mode };
	iml->multi.imr_ifindex = dev->ifindex;
	inet->mc_list = iml;
	return 0;
}

int ip_mc_join_group(struct sock *sk, struct ip_mreqn *imr)
{
	return join_group(sk, imr, MCAST_EXCLUDE);
}

static void free_membership(struct sock *sk, struct ip_mc_socklist *iml)
{
	struct net_device *dev = dev_get_by_index(iml->multi.imr_ifindex);

	if (dev)
		dev_group_put(dev, iml->multi.imr_multiaddr.s_addr);
	if (iml->sflist)
		sock_kfree(sk, iml->sflist, SF_SIZE(iml->sflist->max));
	sock_kfree(sk, iml, sizeof(*iml));
}

int ip_mc_leave_group(struct sock *sk, struct ip_mreqn *imr)
{
	struct inet_sock *inet = inet_sk(sk);
	struct net_device *dev = ip_mc_find_dev(imr);
	int ifindex = imr->imr_ifindex ? imr->imr_ifindex : dev ? dev->ifindex : 0;
	struct ip_mc_socklist **p, *iml;

	if (!ifindex && !imr->imr_address.s_addr)
		return -ENODEV;
	for (p = &inet->mc_list; (iml = *p); p = &iml->next) {
		if (iml->multi.imr_multiaddr.s_addr != imr->imr_multiaddr.s_addr)
			continue;
		if (ifindex ? iml->multi.imr_ifindex != ifindex
				: imr->imr_address.s_addr && imr->imr_address.s_addr != iml->multi.imr_address.s_addr)
			continue;
		*p = iml->next;
		free_membership(sk, iml);
		return 0;
	}
	return -EADDRNOTAVAIL;
}

void ip_mc_drop_socket(struct sock *sk)
{
	struct inet_sock *inet = inet_sk(sk);
	struct ip_mc_socklist *iml;

	while ((iml = inet->mc_list)) {
		inet->mc_list = iml->next;
		free_membership(sk, iml);
	}
}

static struct ip_mc_socklist *find_membership(const struct sock *sk, __be32 group, int ifindex, __be32 address)
{
	struct ip_mc_socklist *iml;

	for (iml = inet_sk(sk)->mc_list; iml; iml = iml->next)
		if (iml->multi.imr_multiaddr.s_addr == group
				&& (ifindex ? iml->multi.imr_ifindex == ifindex : !address || iml->multi.imr_address.s_addr == address))
			return iml;
	return NULL;
}

bool ip_mc_sf_allow(const struct sock *sk, __be32 loc_addr, __be32 rmt_addr, int dif)
{
	const struct inet_sock *inet = inet_sk(sk);
	const struct ip_mc_socklist *iml;
	u32 i;

	if (!ipv4_is_multicast(loc_addr))
		return true;
	for (iml = inet->mc_list; iml; iml = iml->next)
		if (iml->multi.imr_multiaddr.s_addr == loc_addr && iml->multi.imr_ifindex == dif)
			break;
	if (!iml)
		return inet->mc_all;
	if (!iml->sflist)
		return iml->sfmode == MCAST_EXCLUDE;
	for (i = 0; i < iml->sflist->count; i++)
		if (iml->sflist->addr[i] == rmt_addr)
			break;
	return (iml->sfmode == MCAST_INCLUDE) == (i < iml->sflist->count);
}

/* ---- source filters ---- */

/* @add: a source to the list, or from it; @omode is the mode that the list must have. EINVAL, ENODEV, EADDRNOTAVAIL,
 * ENOBUFS. */
int ip_mc_source(bool add, int omode, struct sock *sk, struct ip_mreq_source *mreqs, int ifindex)
{
	struct ip_mreqn imr = { .imr_multiaddr.s_addr = mreqs->imr_multiaddr, .imr_address.s_addr = mreqs->imr_interface,
		.imr_ifindex = ifindex };
	struct ip_sf_socklist *psl;
	struct ip_mc_socklist *pmc;
	u32 i;

	if (!ipv4_is_multicast(mreqs->imr_multiaddr))
		return -EINVAL;
	if (!ip_mc_find_dev(&imr))
		return -ENODEV;
	pmc = find_membership(sk, mreqs->imr_multiaddr, imr.imr_ifindex, 0);
	if (!pmc)
		return -EINVAL;
	if (pmc->sflist) {
		if (pmc->sfmode != (u32)omode)
			return -EINVAL;
	} else if (pmc->sfmode != (u32)omode) {
		pmc->sfmode = (u32)omode; /* no sources yet: the mode may change */
	}
	psl = pmc->sflist;
	for (i = 0; psl && i < psl->count && psl->addr[i] != mreqs->imr_sourceaddr; i++)
		;
	if (!add) {
		if (!psl || i == psl->count)
			return -EADDRNOTAVAIL;
		/* The last source of an inclusive list goes with the membership. */
		if (psl->count == 1 && omode == MCAST_INCLUDE)
			return ip_mc_leave_group(sk, &imr);
		for (; i + 1 < psl->count; i++)
			psl->addr[i] = psl->addr[i + 1];
		psl->count--;
		return 0;
	}
	if (psl && i < psl->count)
		return -EADDRNOTAVAIL;
	if (psl && psl->count >= (u32)net_sysctl.igmp_max_msf)
		return -ENOBUFS;
	if (!psl || psl->count == psl->max) {
		u32 max = (psl ? psl->max : 0) + 10;
		struct ip_sf_socklist *n = sock_kmalloc(sk, SF_SIZE(max));

		if (!n)
			return -ENOBUFS;
		n->max = max;
		n->count = 0;
		if (psl) {
			n->count = psl->count;
			memcpy(n->addr, psl->addr, psl->count * sizeof(__be32));
			sock_kfree(sk, psl, SF_SIZE(psl->max));
		}
		pmc->sflist = psl = n;
	}
	psl->addr[psl->count++] = mreqs->imr_sourceaddr;
	return 0;
}

/* A membership that begins without sources: those that ip_mc_source() adds. */
int ip_mc_join_group_ssm(struct sock *sk, struct ip_mreqn *imr, u32 mode)
{
	return join_group(sk, imr, mode);
}

int ip_mc_msfilter(struct sock *sk, struct ip_msfilter *msf, int ifindex)
{
	struct ip_mreqn imr = { .imr_multiaddr.s_addr = msf->imsf_multiaddr, .imr_address.s_addr = msf->imsf_interface,
		.imr_ifindex = ifindex };
	struct ip_sf_socklist *psl = NULL;
	struct ip_mc_socklist *pmc;

	if (!ipv4_is_multicast(msf->imsf_multiaddr))
		return -EINVAL;
	if (msf->imsf_fmode != MCAST_INCLUDE && msf->imsf_fmode != MCAST_EXCLUDE)
		return -EINVAL;
	if (!ip_mc_find_dev(&imr))
		return -ENODEV;
	if (msf->imsf_fmode == MCAST_INCLUDE && !msf->imsf_numsrc)
		return ip_mc_leave_group(sk, &imr);
	pmc = find_membership(sk, msf->imsf_multiaddr, imr.imr_ifindex, 0);
	if (!pmc)
		return -EINVAL;
	if (msf->imsf_numsrc) {
		psl = sock_kmalloc(sk, SF_SIZE(msf->imsf_numsrc));
		if (!psl)
			return -ENOBUFS;
		psl->max = psl->count = msf->imsf_numsrc;
		memcpy(psl->addr, msf->imsf_slist_flex, psl->count * sizeof(__be32));
	}
	if (pmc->sflist)
		sock_kfree(sk, pmc->sflist, SF_SIZE(pmc->sflist->max));
	pmc->sflist = psl;
	pmc->sfmode = msf->imsf_fmode;
	return 0;
}

/* IP_MSFILTER's getter: the mode, and as many sources as @msf has room for. */
int ip_mc_msfget(struct sock *sk, struct ip_msfilter *msf, void __user *val, int __user *ulen)
{
	struct ip_mreqn imr = { .imr_multiaddr.s_addr = msf->imsf_multiaddr, .imr_address.s_addr = msf->imsf_interface };
	const struct ip_mc_socklist *pmc;
	u32 count, copy;

	if (!ipv4_is_multicast(msf->imsf_multiaddr))
		return -EINVAL;
	if (!ip_mc_find_dev(&imr))
		return -ENODEV;
	pmc = find_membership(sk, msf->imsf_multiaddr, imr.imr_ifindex, 0);
	if (!pmc)
		return -EADDRNOTAVAIL;
	count = pmc->sflist ? pmc->sflist->count : 0;
	copy = min(count, msf->imsf_numsrc);
	msf->imsf_fmode = pmc->sfmode;
	msf->imsf_numsrc = count;
	if (put_user((int)IP_MSFILTER_SIZE(copy), ulen) || copy_to_user(val, msf, IP_MSFILTER_SIZE(0)))
		return -EFAULT;
	if (copy && copy_to_user((char __user *)val + IP_MSFILTER_SIZE(0), pmc->sflist->addr, copy * sizeof(__be32)))
		return -EFAULT;
	return 0;
}

/* MCAST_MSFILTER's getter. @gsf: interface and group are set; mode and number come back. @list: the guest's addresses, of
 * which gf_numsrc has the room. */
int ip_mc_gsfget(struct sock *sk, struct group_filter *gsf, void __user *list, size_t room)
{
	const struct sockaddr_in *psin = (const struct sockaddr_in *)&gsf->gf_group;
	const struct ip_mc_socklist *pmc;
	u32 count;

	if (psin->sin_family != AF_INET || !ipv4_is_multicast(psin->sin_addr.s_addr))
		return -EINVAL;
	pmc = find_membership(sk, psin->sin_addr.s_addr, (int)gsf->gf_interface, 0);
	if (!pmc)
		return -EADDRNOTAVAIL;
	gsf->gf_fmode = pmc->sfmode;
	count = pmc->sflist ? pmc->sflist->count : 0;
	for (u32 i = 0; i < count && i < room; i++) {
		struct sockaddr_storage ss;
		struct sockaddr_in *sin = (struct sockaddr_in *)&ss;

		memset(&ss, 0, sizeof(ss));
		sin->sin_family = AF_INET;
		sin->sin_addr.s_addr = pmc->sflist->addr[i];
		if (copy_to_user((char __user *)list + i * sizeof(ss), &ss, sizeof(ss)))
			return -EFAULT;
	}
	gsf->gf_numsrc = count;
	return 0;
}
