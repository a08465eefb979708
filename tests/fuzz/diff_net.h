/* What the operations on sockets share. */
#ifndef DIFF_NET_H
#define DIFF_NET_H

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "diff.h"

typedef union { struct sockaddr sa; struct sockaddr_in in; struct sockaddr_in6 in6; } addr_t;

/* Mostly one of the few descriptors that a sequence has by then. */
int a_sock(void);
/* SO_DOMAIN, or 0. */
int domain_of(int fd);
/* MSG_MORE if it is a TCP socket: what makes it send what that has kept back depends on Linux's accounts of memory, too. */
int tcp_more(int fd);
/* The address of a descriptor, as loopback when it is bound to any; what is none for others. Its length. */
socklen_t an_inet_address(addr_t *a);

#endif
