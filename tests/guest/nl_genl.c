/* Generic netlink: the controller is found by name and by number; what is not there is ENOENT. */
// needs-root: it makes a network of its own
#include "netlink.h"
#include <linux/genetlink.h>

static int s;

static void ask(const char *what, int type, int cmd, const char *name, int id)
{
	struct genlmsghdr g = { .cmd = cmd, .version = 1 };
	char buf[16384];
	struct nl_req q;
	int n;

	printf("-- %s\n", what);
	nl_begin(&q, type, 0, &g, sizeof(g));
	if (name)
		nl_text(&q, CTRL_ATTR_FAMILY_NAME, name);
	if (id >= 0)
		nl_attr(&q, CTRL_ATTR_FAMILY_ID, &id, 2);
	SHOW_OK(send(s, &q, q.h.nlmsg_len, 0));
	n = recv(s, buf, sizeof(buf), 0);
	for (struct nlmsghdr *h = (struct nlmsghdr *)buf; NLMSG_OK(h, n); h = NLMSG_NEXT(h, n)) {
		const struct nlattr *a;

		if (h->nlmsg_type == NLMSG_ERROR) {
			print_error(h);
			continue;
		}
		g = *(struct genlmsghdr *)NLMSG_DATA(h);
		a = nl_find(h, sizeof(g), CTRL_ATTR_FAMILY_ID);
		printf("type %d, command %d, version %d, number %d", h->nlmsg_type, g.cmd, g.version, a ? *(short *)nl_data(a) : -1);
		print_text("name", nl_find(h, sizeof(g), CTRL_ATTR_FAMILY_NAME));
		print_u32("version", nl_find(h, sizeof(g), CTRL_ATTR_VERSION));
		print_u32("header", nl_find(h, sizeof(g), CTRL_ATTR_HDRSIZE));
		printf("\n");
	}
}

int main(void)
{
	own_network();
	s = nl_socket(NETLINK_GENERIC);
	ask("by name", GENL_ID_CTRL, CTRL_CMD_GETFAMILY, "nlctrl", -1);
	ask("by number", GENL_ID_CTRL, CTRL_CMD_GETFAMILY, NULL, GENL_ID_CTRL);
	ask("by a name that is not there", GENL_ID_CTRL, CTRL_CMD_GETFAMILY, "no-such-family", -1);
	ask("by a number that is not there", GENL_ID_CTRL, CTRL_CMD_GETFAMILY, NULL, 9999);
	ask("by nothing", GENL_ID_CTRL, CTRL_CMD_GETFAMILY, NULL, -1);
	ask("no such command", GENL_ID_CTRL, 77, "nlctrl", -1);
	ask("no such family", 9999, 1, NULL, -1);
	return 0;
}
