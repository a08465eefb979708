/* Options of IPPROTO_IP on a UDP socket: every length. */
#include <netinet/in.h>
#include <netinet/tcp.h>
#include "optlen.h"

static int make(void)
{
	return socket(AF_INET, SOCK_DGRAM, 0);
}

int main(void)
{
	static const int skip[] = { 16, 17, 36, 0 }; /* IPsec, which kernels may lack; the answer to 36 depends on routes */

	opt_matrix("IP", make, IPPROTO_IP, (struct opt_range){ 1, 55 }, skip);
	return 0;
}
