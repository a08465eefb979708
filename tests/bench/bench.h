/* What the files of the benchmark guest share. */
#pragma once

/* ns of the last run's operations alone, by a measurement whose preparations would count otherwise; else 0. */
extern unsigned long long own_ns;

unsigned long long now(void);
void die(const char *what);

/* net.c: each does its operation @n times. */
void tcp_rr(long n);
void tcp_connect(long n);
void tcp_stream_128k(long n);
void tcp_stream_16k(long n);
void tcp_stream_1k(long n);
void unix_stream_128k(long n);
void unix_stream_16k(long n);
void unix_stream_1k(long n);
void epoll_1000(long n);
