/* Options of IPPROTO_TCP: every length. */
#include <netinet/in.h>
#include <netinet/tcp.h>
#include "optlen.h"

static int make(void)
{
	return socket(AF_INET, SOCK_STREAM, 0);
}

int main(void)
{
	static const int skip[] = { 14, 19, 26, 32, 33, 35, 44, 45, 46, 0 }; /* MD5, repair, the algorithm's own, the key that is used already, zero copy, Linux 6.18 */

	opt_matrix("TCP", make, IPPROTO_TCP, (struct opt_range){ 1, 48 }, skip);
	return 0;
}
