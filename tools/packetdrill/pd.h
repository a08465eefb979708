/* The packetdrill interpreter: a program that runs in the system under test, plays a script's system calls and packets, and
 * checks what comes out of a tun device. The language is the one that google/packetdrill documents (syntax.md).
 *
 * Structures of a parsed script, and what the files of this folder offer each other. Everything is allocated for the life
 * of the program, which runs one script. */
#ifndef PD_H
#define PD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <netinet/in.h>

/* ---- tokens (lex.c) ---- */
enum token_kind { T_END, T_INT, T_FLOAT, T_WORD, T_STRING, T_COMMAND, T_CODE, T_OPTION, T_ELLIPSIS, T_IPV4, T_IPV6, T_CHAR };
struct token {
	enum token_kind kind;
	int line;
	char *text;      /* without quotes or brackets */
	int64_t value;   /* T_INT, T_CHAR */
	double number;   /* T_FLOAT */
};
/* The tokens of @text, ended by T_END. */
struct token *lex(char *text);

/* ---- expressions ---- */
enum expr_kind { E_ELLIPSIS, E_INT, E_WORD, E_STRING, E_OR, E_LIST, E_STRUCT, E_FIELD, E_CALL };
struct expr {
	enum expr_kind kind;
	int line;
	int64_t value;       /* E_INT */
	char *text;          /* E_WORD, E_STRING, the name of E_FIELD and E_CALL */
	bool more;           /* E_STRING followed by ... */
	struct expr **args;  /* E_OR: 2; E_LIST, E_STRUCT, E_CALL: nargs; E_FIELD: the value */
	int nargs;
};

/* ---- packets ---- */
enum { F_FIN = 1, F_SYN = 2, F_RST = 4, F_PSH = 8, F_ACK = 16, F_URG = 32, F_ECE = 64, F_CWR = 128 };
enum proto { P_TCP, P_UDP, P_ICMP };
struct tcp_option_spec {
	uint8_t kind;
	uint8_t len;         /* bytes on the wire, kind and length included */
	uint8_t data[38];
	uint32_t ts_val, ts_ecr;
	uint32_t sack[8];    /* script sequence numbers */
	int nsack;
};
#define MAX_OPTIONS 20
struct packet_spec {
	bool inbound;
	enum proto proto;
	/* IP; -1: not told */
	int version;         /* 4, 6, or 0 */
	char *src, *dst;     /* addresses that the script names, or NULL */
	int ecn, tos, ttl;
	bool ect01;          /* either of ECT(0) and ECT(1) */
	long flowlabel;
	int sport, dport;    /* 0: not told */
	/* TCP */
	unsigned flags;
	bool flags_checked;
	uint32_t seq;
	unsigned payload;    /* bytes; UDP's too */
	bool has_ack, has_window, has_urgent, options_unchecked, has_options;
	uint32_t ack;
	unsigned window, urgent;
	struct tcp_option_spec options[MAX_OPTIONS];
	int noptions;
	/* ICMP */
	char *icmp_type, *icmp_code;
	long icmp_mtu, icmp_id;
	enum { ECHOED_NONE, ECHOED_TCP, ECHOED_UDP, ECHOED_RAW } echoed;
	uint32_t echoed_seq;
	unsigned echoed_payload;
};

/* ---- events ---- */
enum time_kind { TIME_ABSOLUTE, TIME_RELATIVE, TIME_ANY, TIME_RANGE, TIME_RELATIVE_RANGE };
enum event_kind { EV_PACKET, EV_CALL, EV_COMMAND, EV_CODE };
struct call_spec {
	char *name;
	struct expr **args;
	int nargs;
	struct expr *result;
	char *errno_name;    /* or NULL */
	bool blocking;
	int64_t end;         /* us after the event's time kind's base; see end_relative */
};
struct event {
	enum event_kind kind;
	int line;
	enum time_kind time_kind;
	int64_t time, time_end; /* us */
	struct packet_spec *packet;
	struct call_spec *call;
	char *text;          /* EV_COMMAND, EV_CODE */
	struct event *next;
};

struct script {
	const char *name;
	char *init_command;
	struct event *events;
	/* options */
	int ip_version;      /* 4, 6, or 46: IPv4 by IPv6 sockets */
	int tolerance;       /* us */
	bool strict_segments;
	bool verbose;        /* prints every packet that comes out */
	int ts_tick;         /* us that a timestamp's unit takes; 0: their values are not compared */
	int mtu;
	int send_omit_free;
	char *local4, *gateway4, *remote4, *local6, *gateway6, *remote6;
	int bind_port, connect_port;
	int non_fatal_packet, non_fatal_call;
};
extern struct script script;

/* Parses @text into @script; ends by fail(). (parse.c) */
void parse(char *text);
/* An option of the command line, --NAME[=VALUE], as a script would have it. */
void option_argument(const char *text);
/* A packet that the script defines by a symbol: -D NAME=VALUE. NULL when it is none. */
const char *definition(const char *name);
void define(const char *assignment);

/* ---- how a script ends (main.c) ---- */
/* Prints "NAME:LINE: why" and ends the script as failed. */
void __attribute__((noreturn, format(printf, 2, 3))) fail(int line, const char *fmt, ...);
/* The script uses something that is not here. */
void __attribute__((noreturn, format(printf, 2, 3))) unsupported(int line, const char *fmt, ...);
void *grab(size_t size); /* zeroed; never NULL */

/* ---- values (value.c) ---- */
/* A constant of the headers by name. */
bool symbol(const char *name, int64_t *value);
/* The number that @e stands for. */
int64_t number(const struct expr *e);
const char *errno_text(int err);

/* ---- time (main.c), us since the script's start ---- */
int64_t now_us(void);

/* ---- the device (device.c) ---- */
extern int tun_fd;
void device_open(void);
void device_send(const void *packet, size_t size);
struct wire;
/* The next packet that came out, if there is one. */
bool device_receive(struct wire *w);

/* ---- packets on the wire (packet.c) ---- */
/* A packet taken apart. Pointers go into bytes[]. */
struct wire {
	uint8_t bytes[70000];
	size_t size;
	int64_t time;        /* us, when it came out */
	int version;
	int proto;           /* IPPROTO_* */
	uint8_t tos, ttl;
	uint32_t flowlabel;
	struct in6_addr src, dst;       /* IPv4 as mapped */
	uint16_t sport, dport;
	/* TCP */
	uint32_t seq, ack;
	unsigned flags, window, urgent;
	const uint8_t *options;
	size_t options_size;
	size_t payload;
	/* ICMP */
	uint8_t icmp_type, icmp_code;
	const uint8_t *icmp_body;
	size_t icmp_size;    /* bytes from the type on */
	bool unsummed;       /* the device is to compute the checksum: nothing to check */
	const char *broken;  /* what is wrong with it: length or checksum */
};
void wire_parse(struct wire *w);
/* Addresses and ports of one connection, as the wire has them. */
struct flow;
/* Builds the inbound packet of @p for @f. Its size. */
size_t packet_build(const struct packet_spec *p, const struct flow *f, uint8_t *out);
void packet_describe(const struct wire *w, const struct flow *f, char *buf, size_t size);
/* The options of @p as bytes for the wire, padded; @echo: timestamps that the stack sent are translated. */
size_t options_build(const struct packet_spec *p, const struct flow *f, uint8_t *out);

/* ---- connections (flow.c) ---- */
struct flow {
	int proto;           /* IPPROTO_TCP or IPPROTO_UDP */
	bool active;         /* the stack opened it */
	int script_local, script_remote;     /* ports in the script; 0: it names none */
	int version;         /* of the packets: 4 or 6 */
	struct in6_addr local, remote;       /* on the wire */
	uint16_t local_port, remote_port;
	bool local_isn_known, remote_isn_known;
	/* On the wire. Only a SYN's own number is told as it is, in a script: all others count from it. */
	uint32_t local_isn, remote_isn;
	uint32_t script_remote_isn;
	bool ts_known;
	uint32_t ts_offset;  /* script value + offset = the stack's value, about */
	struct ts_pair *ts_pairs; /* exactly; the newest first */
	bool reset;
	bool past;           /* the script has made another socket since it spoke of this connection */
	struct flow *next;   /* older ones */
};
/* The connection that a script's packet is about: made if an inbound SYN or datagram begins one. NULL: none. */
struct flow *flow_for_spec(const struct packet_spec *p);
/* The connection of a packet that came out; made if it begins one. */
struct flow *flow_for_wire(const struct wire *w);
/* The script goes on with @f. */
void flow_current(struct flow *f);
/* The script has made a socket: connections so far are past until it speaks of them again. */
void flow_all_past(void);
struct flow *flow_last(void);

/* Compares what came out with what the script wants: NULL, or what differs (a static buffer). (match.c) */
const char *packet_differs(const struct packet_spec *p, const struct wire *w, struct flow *f, bool partial);
/* The script's timestamp @text came out as @live; what the stack sent where the script says @text. */
void flow_add_timestamp(struct flow *f, uint32_t text, uint32_t live);
uint32_t wire_local_timestamp(const struct flow *f, uint32_t text);
uint32_t wire_local_seq(const struct flow *f, uint32_t script_seq);
uint32_t wire_remote_seq(const struct flow *f, uint32_t script_seq);

/* ---- system calls (calls.c) ---- */
bool call_known(const char *name);
/* Makes the call and checks its result. One that blocks goes on in a thread and is to end at @deadline (us). */
void call_run(const struct event *ev, int64_t deadline);
/* Waits for the call that blocks, if one does. */
void call_join(void);
/* A live descriptor of the script's newest socket, or -1: for tcp_info. */
int call_last_socket(void);
/* Text of tcp_info and friends as Python assignments. (info.c) */
void info_export(int fd);
FILE *code_file(void);

#endif
