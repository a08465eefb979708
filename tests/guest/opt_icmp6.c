/* Options of IPPROTO_ICMPV6 and IPPROTO_RAW on raw sockets: every length. */
// needs-root: raw sockets
#include <netinet/in.h>
#include <netinet/tcp.h>
#include "optlen.h"

static int make(void)
{
	return socket(AF_INET6, SOCK_RAW, IPPROTO_ICMPV6);
}

int main(void)
{
	static const int skip[] = { 0 };

	opt_matrix("ICMPV6", make, IPPROTO_ICMPV6, (struct opt_range){ 0, 8 }, skip);
	return 0;
}
