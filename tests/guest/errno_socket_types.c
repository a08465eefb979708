/* socket(2): every family with every type and some protocols. */
#include "each.h"

int main(void)
{
	static const int protos[] = { 0, 1, 6, 17, 136, 255, 256, 262, -1 };
	int families[] = { AF_UNIX, AF_INET, AF_INET6, 12345, -1 };

	if (!getuid() && (setgid(99) || setuid(99)))
		return 1;
	for (unsigned f = 0; f < 5; f++)
		for (int type = 0; type <= 11; type++) {
			if (type == SOCK_PACKET)
				continue; /* another name of another family */
			printf("family %d type %d:", families[f], type);
			for (unsigned p = 0; p < sizeof(protos) / sizeof(protos[0]); p++) {
				int s;

				if (protos[p] == 262 || (protos[p] == 1 && type == SOCK_DGRAM))
					continue; /* MPTCP is another family's work; ping sockets hang on a setting */
				s = socket(families[f], type, protos[p]);
				printf(" %s", s < 0 ? errno_name(errno) : "ok");
				if (s >= 0)
					close(s);
			}
			printf("\n");
		}
	SHOW(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0) >= 0);
	SHOW(socket(AF_INET, SOCK_STREAM | 0x40, 0));
	SHOW(socket(AF_INET, SOCK_STREAM | 0x40000000, 0));
	for (int type = 0; type <= 6; type++) {
		int s[2];

		printf("type %d ", type);
		SHOW(socketpair(AF_INET, type, 0, s));
		printf("type %d ", type);
		SHOW(socketpair(AF_UNIX, type, 0, s));
	}
	return 0;
}
