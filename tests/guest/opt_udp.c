/* Options of IPPROTO_UDP: every length. */
#include <netinet/in.h>
#include <netinet/tcp.h>
#include "optlen.h"

static int make(void)
{
	return socket(AF_INET, SOCK_DGRAM, 0);
}

int main(void)
{
	static const int skip[] = { 0 };

	opt_matrix("UDP", make, IPPROTO_UDP, (struct opt_range){ 1, 110 }, skip);
	return 0;
}
