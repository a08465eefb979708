/* SO_REUSEPORT groups: distribution by hash, by a program, and connected members. */
#include "inet.h"
#include <linux/filter.h>

int main(void)
{
	int s[4], b = bound("127.0.0.1"), got[4] = { 0 }, total = 0, hit = 0;
	addr_t a = addr_of("127.0.0.1", 0);
	struct sock_filter code[] = { BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 0), BPF_STMT(BPF_ALU | BPF_SUB | BPF_K, '0'),
		BPF_STMT(BPF_RET | BPF_A, 0) };
	struct sock_fprog prog = { 3, code };
	char text[2] = "0", buf[8];

	for (int i = 0; i < 4; i++) {
		s[i] = socket(AF_INET, SOCK_DGRAM, 0);
		set_int(s[i], SOL_SOCKET, SO_REUSEPORT, 1);
		SHOW(bind(s[i], &a.sa, sizeof(a.in)));
		a = local_addr(s[i]);
	}
	for (int i = 0; i < 64; i++) {
		int c = bound("127.0.0.1");

		send_to(c, "x", "127.0.0.1", a.in.sin_port);
		close(c);
	}
	for (int i = 0; i < 4; i++) {
		while (recv(s[i], buf, sizeof(buf), MSG_DONTWAIT) > 0)
			got[i]++;
		total += got[i];
		hit += got[i] > 0;
	}
	SHOW(total);
	SHOW(hit > 1);
	/* One sender always reaches the same member. */
	for (int i = 0; i < 10; i++)
		send_to(b, "x", "127.0.0.1", a.in.sin_port);
	hit = 0;
	for (int i = 0; i < 4; i++) {
		int n = 0;

		while (recv(s[i], buf, sizeof(buf), MSG_DONTWAIT) > 0)
			n++;
		hit += n == 10;
	}
	SHOW(hit);
	SHOW(setsockopt(s[0], SOL_SOCKET, SO_ATTACH_REUSEPORT_CBPF, &prog, sizeof(prog)));
	for (int i = 0; i < 4; i++) {
		text[0] = '0' + i;
		send_to(b, text, "127.0.0.1", a.in.sin_port);
	}
	for (int i = 0; i < 4; i++)
		receive(s[i]);
	SHOW(set_int(s[1], SOL_SOCKET, SO_DETACH_REUSEPORT_BPF, 0));
	SHOW(set_int(s[1], SOL_SOCKET, SO_DETACH_REUSEPORT_BPF, 0));
	SHOW(setsockopt(b, SOL_SOCKET, SO_ATTACH_REUSEPORT_CBPF, &prog, sizeof(prog)));
	SHOW(set_int(b, SOL_SOCKET, SO_DETACH_REUSEPORT_BPF, 0));
	SHOW(setsockopt(b, SOL_SOCKET, SO_ATTACH_REUSEPORT_EBPF, &(int){ -1 }, 4));
	close(s[3]);
	close(s[2]);
	send_to(b, "left", "127.0.0.1", a.in.sin_port);
	SHOW((recv(s[0], buf, 8, MSG_DONTWAIT) == 4) + (recv(s[1], buf, 8, MSG_DONTWAIT) == 4));
	return 0;
}
