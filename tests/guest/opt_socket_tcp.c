/* Options of SOL_SOCKET on a TCP socket: every length. */
#include <netinet/in.h>
#include <netinet/tcp.h>
#include "optlen.h"

static int make(void)
{
	return socket(AF_INET, SOCK_STREAM, 0);
}

int main(void)
{
	static const int skip[] = { 0 };

	opt_matrix("SOL_SOCKET", make, SOL_SOCKET, (struct opt_range){ 1, 90 }, skip);
	return 0;
}
