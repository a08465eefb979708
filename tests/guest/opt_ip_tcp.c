/* Options of IPPROTO_IP on a TCP socket: every length. */
#include <netinet/in.h>
#include <netinet/tcp.h>
#include "optlen.h"

static int make(void)
{
	return socket(AF_INET, SOCK_STREAM, 0);
}

int main(void)
{
	static const int skip[] = { 9, 16, 17, 0 }; /* IP_PKTOPTIONS; IPsec, which kernels may lack */

	opt_matrix("IP", make, IPPROTO_IP, (struct opt_range){ 1, 55 }, skip);
	return 0;
}
