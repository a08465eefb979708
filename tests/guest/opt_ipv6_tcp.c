/* Options of IPPROTO_IPV6 on a TCP socket: every length. */
#include <netinet/in.h>
#include <netinet/tcp.h>
#include "optlen.h"

static int make(void)
{
	return socket(AF_INET6, SOCK_STREAM, 0);
}

int main(void)
{
	static const int skip[] = { 6, 27, 32, 34, 35, 64, 65, 68, 69, 80, 0 }; /* RFC 2292 options; routes; flow labels; IPsec; netfilter */

	opt_matrix("IPV6", make, IPPROTO_IPV6, (struct opt_range){ 1, 80 }, skip);
	return 0;
}
