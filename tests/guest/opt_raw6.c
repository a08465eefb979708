/* Options of SOL_RAW on raw IPv6 sockets: every length, and those of IPPROTO_IPV6 that are the same. */
// needs-root: raw sockets
#include <netinet/in.h>
#include "optlen.h"

static int make(void)
{
	return socket(AF_INET6, SOCK_RAW, IPPROTO_UDP);
}

int main(void)
{
	opt_matrix("RAW6", make, SOL_RAW, (struct opt_range){ 1, 9 }, NULL);
	opt_matrix("RAW6", make, SOL_RAW, (struct opt_range){ 35, 37 }, NULL);
	opt_matrix("IPV6", make, IPPROTO_IPV6, (struct opt_range){ 7, 7 }, NULL);
	opt_matrix("IPV6", make, IPPROTO_IPV6, (struct opt_range){ 36, 36 }, NULL);
	return 0;
}
