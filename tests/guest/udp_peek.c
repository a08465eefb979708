/* MSG_PEEK and SO_PEEK_OFF on UDP. */
#include "inet.h"

int main(void)
{
	int a = bound("127.0.0.1"), b = bound("127.0.0.1");
	unsigned short p = port_of(a);

	SHOW(get_int(a, SOL_SOCKET, SO_PEEK_OFF));
	SHOW(set_int(a, SOL_SOCKET, SO_PEEK_OFF, 0));
	send_to(b, "abcdef", "127.0.0.1", p);
	send_to(b, "ghij", "127.0.0.1", p);
	receive_room(a, 2, 0, MSG_PEEK);
	SHOW(get_int(a, SOL_SOCKET, SO_PEEK_OFF));
	receive_room(a, 10, 0, MSG_PEEK);
	SHOW(get_int(a, SOL_SOCKET, SO_PEEK_OFF));
	receive_room(a, 10, 0, MSG_PEEK);
	SHOW(get_int(a, SOL_SOCKET, SO_PEEK_OFF));
	receive_room(a, 10, 0, MSG_PEEK);
	SHOW(set_int(a, SOL_SOCKET, SO_PEEK_OFF, 8));
	receive_room(a, 10, 0, MSG_PEEK | MSG_TRUNC);
	receive(a);
	SHOW(get_int(a, SOL_SOCKET, SO_PEEK_OFF));
	SHOW(set_int(a, SOL_SOCKET, SO_PEEK_OFF, -1));
	receive_room(a, 1, 0, MSG_PEEK);
	receive_room(a, 1, 0, MSG_PEEK);
	receive(a);
	receive(a);
	return 0;
}
