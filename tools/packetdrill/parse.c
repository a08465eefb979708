/* Parses a script: options, an init command, and events. Recursive descent; the grammar is that of packetdrill's syntax.md. */
#include <stdlib.h>
#include <string.h>

#include "pd.h"

static struct token *t; /* the next one */

static bool is_char(char c) { return t->kind == T_CHAR && t->value == c; }
static bool is_word(const char *w) { return t->kind == T_WORD && !strcmp(t->text, w); }

static bool take_char(char c)
{
	if (!is_char(c))
		return false;
	t++;
	return true;
}

static bool take_word(const char *w)
{
	if (!is_word(w))
		return false;
	t++;
	return true;
}

static void __attribute__((noreturn)) expected(const char *what)
{
	fail(t->line, "%s is expected, not \"%s\"", what, t->kind == T_END ? "the end" : t->text);
}

static void want_char(char c)
{
	char what[] = { '"', c, '"', 0 };

	if (!take_char(c))
		expected(what);
}

static int64_t want_int(void)
{
	if (t->kind != T_INT)
		expected("a number");
	return (t++)->value;
}

static char *want_word(void)
{
	if (t->kind != T_WORD)
		expected("a word");
	return (t++)->text;
}

/* ---- options ---- */

static void set_option(const char *name, const char *value, int line)
{
	static const struct { const char *name; char **v4, **v6; } texts[] = {
		{ "local_ip", &script.local4, &script.local6 }, { "gateway_ip", &script.gateway4, &script.gateway6 },
		{ "remote_ip", &script.remote4, &script.remote6 },
	};
	static const struct { const char *name; int *to; } numbers[] = {
		{ "tolerance_usecs", &script.tolerance }, { "mtu", &script.mtu }, { "bind_port", &script.bind_port },
		{ "connect_port", &script.connect_port }, { "tcp_ts_tick_usecs", &script.ts_tick },
	};

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		if (!strcmp(name, numbers[i].name)) {
			*numbers[i].to = atoi(value);
			return;
		}
	}
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		if (!strcmp(name, texts[i].name)) {
			*(strchr(value, ':') ? texts[i].v6 : texts[i].v4) = strdup(value);
			return;
		}
	}
	if (!strcmp(name, "ip_version")) {
		script.ip_version = !strcmp(value, "ipv6") ? 6 : !strcmp(value, "ipv4-mapped-ipv6") ? 46 : 4;
	} else if (!strcmp(name, "strict_segments")) {
		script.strict_segments = true;
	} else if (!strcmp(name, "verbose")) {
		script.verbose = true;
	} else if (!strcmp(name, "define")) {
		define(value);
	} else if (strcmp(name, "dry_run") && strcmp(name, "non_fatal")
		   && strcmp(name, "tolerance_percent") && strcmp(name, "tcp_ts_ecr_scaled") && strcmp(name, "netmask_ip") && strcmp(name, "speed")
		   && strcmp(name, "init_scripts") && strcmp(name, "send_omit_free") && strcmp(name, "persistent_tun_dev")) {
		unsupported(line, "option --%s", name);
	}
}

void option_argument(const char *text)
{
	char *name = strdup(text + strspn(text, "-")), *equals = strchr(name, '=');

	if (equals)
		*equals++ = 0;
	set_option(name, equals ? equals : "", 0);
}

static void parse_options(void)
{
	while (t->kind == T_OPTION) {
		const char *name = t->text;
		char value[256] = "";
		int line = t->line;

		t++;
		if (take_char('=')) {
			strncat(value, (t++)->text, 100);
			while (is_char('-') && t->line == line) { /* ipv4-mapped-ipv6 */
				t++;
				strcat(value, "-");
				strncat(value, (t++)->text, 60);
			}
			if (take_char('=')) {
				strcat(value, "=");
				strncat(value, (t++)->text, 100);
			}
		}
		set_option(name, value, line);
	}
}

/* ---- expressions ---- */

static struct expr *parse_expr(void);

static struct expr *new_expr(enum expr_kind kind)
{
	struct expr *e = grab(sizeof(*e));

	e->kind = kind;
	e->line = t->line;
	return e;
}

static void add_arg(struct expr *e, struct expr *arg)
{
	e->args = realloc(e->args, (size_t)(e->nargs + 1) * sizeof(e->args[0]));
	if (!e->args)
		abort();
	e->args[e->nargs++] = arg;
}

static void parse_args(struct expr *e, char close)
{
	while (!take_char(close)) {
		add_arg(e, parse_expr());
		if (!is_char(close))
			want_char(',');
	}
}

/* A word, and what can follow it: NAME(args), NAME(n)=value, NAME=value. */
static struct expr *parse_named(void)
{
	struct expr *e = new_expr(E_WORD);

	e->text = want_word();
	if (take_char('(')) {
		e->kind = E_CALL;
		parse_args(e, ')');
		if (is_char('=')) {   /* msg_iov(1)=[...]: the count says nothing that the value does not */
			e->kind = E_FIELD;
			e->nargs = 0;
		}
	}
	if (take_char('=')) {
		e->kind = E_FIELD;
		add_arg(e, parse_expr());
	}
	return e;
}

static struct expr *parse_simple(void)
{
	struct expr *e;

	switch (t->kind) {
	case T_ELLIPSIS:
		e = new_expr(E_ELLIPSIS);
		t++;
		return e;
	case T_INT:
		e = new_expr(E_INT);
		e->value = (t++)->value;
		return e;
	case T_STRING:
		e = new_expr(E_STRING);
		e->text = (t++)->text;
		if (t->kind == T_ELLIPSIS) {
			e->more = true;
			t++;
		}
		return e;
	case T_WORD:
		return parse_named();
	case T_CHAR:
		if (is_char('[') || is_char('{')) {
			char close = is_char('[') ? ']' : '}';

			e = new_expr(is_char('[') ? E_LIST : E_STRUCT);
			t++;
			parse_args(e, close);
			return e;
		}
		/* fall through */
	default:
		expected("a value");
	}
}

static struct expr *parse_expr(void)
{
	struct expr *e = parse_simple();

	while (take_char('|')) {
		struct expr *both = new_expr(E_OR);

		add_arg(both, e);
		add_arg(both, parse_simple());
		e = both;
	}
	return e;
}

/* ---- times ---- */

static int64_t parse_time(void)
{
	double seconds;

	if (t->kind == T_FLOAT)
		seconds = t->number;
	else if (t->kind == T_INT)
		seconds = (double)t->value;
	else
		expected("a time");
	t++;
	if (seconds < 0)
		fail(t->line, "a negative time");
	return (int64_t)(seconds * 1e6 + 0.5);
}

static void parse_event_time(struct event *ev)
{
	if (take_char('*')) {
		ev->time_kind = TIME_ANY;
		return;
	}
	ev->time_kind = take_char('+') ? TIME_RELATIVE : TIME_ABSOLUTE;
	ev->time = parse_time();
	if (!take_char('~'))
		return;
	if (ev->time_kind == TIME_RELATIVE)
		want_char('+');
	ev->time_kind = ev->time_kind == TIME_RELATIVE ? TIME_RELATIVE_RANGE : TIME_RANGE;
	ev->time_end = parse_time();
}

/* ---- packets ---- */

static int hex_digit(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static void parse_hex_blob(struct tcp_option_spec *o)
{
	const char *text = t->text;

	if (t->kind != T_WORD && t->kind != T_INT)
		return;
	for (; text[0] && text[1]; text += 2) {
		int high = hex_digit(text[0]), low = hex_digit(text[1]);

		if (high < 0 || low < 0 || o->len >= 40)
			fail(t->line, "\"%s\" is no string of hexadecimal bytes", t->text);
		o->data[o->len++ - 2] = (uint8_t)(high << 4 | low);
	}
	if (*text)
		fail(t->line, "\"%s\" has half a byte", t->text);
	t++;
}

static void parse_sack(struct tcp_option_spec *o)
{
	o->kind = 5;
	while (t->kind == T_INT && t[1].kind == T_CHAR && t[1].value == ':') {
		if (o->nsack >= 8)
			fail(t->line, "more than four SACK blocks");
		o->sack[o->nsack++] = (uint32_t)want_int();
		want_char(':');
		o->sack[o->nsack++] = (uint32_t)want_int();
	}
	o->len = (uint8_t)(2 + o->nsack * 4);
}

static void put16(uint8_t *p, unsigned v)
{
	p[0] = (uint8_t)(v >> 8);
	p[1] = (uint8_t)v;
}

static void parse_tcp_option(struct packet_spec *p)
{
	struct tcp_option_spec *o = &p->options[p->noptions];

	if (p->noptions == MAX_OPTIONS)
		fail(t->line, "too many TCP options");
	p->noptions++;
	if (take_word("nop")) {
		o->kind = 1;
		o->len = 1;
	} else if (take_word("eol")) {
		o->len = 1;
	} else if (take_word("mss")) {
		o->kind = 2;
		o->len = 4;
		put16(o->data, (unsigned)want_int());
	} else if (take_word("wscale")) {
		o->kind = 3;
		o->len = 3;
		o->data[0] = (uint8_t)want_int();
	} else if (take_word("sackOK")) {
		o->kind = 4;
		o->len = 2;
	} else if (take_word("sack")) {
		parse_sack(o);
	} else if (take_word("TS")) {
		o->kind = 8;
		o->len = 10;
		if (!take_word("val"))
			expected("val");
		o->ts_val = (uint32_t)want_int();
		if (!take_word("ecr"))
			expected("ecr");
		o->ts_ecr = (uint32_t)want_int();
	} else if (take_word("FO")) {
		o->kind = 34;
		o->len = 2;
		parse_hex_blob(o);
	} else if (take_word("FOEXP")) {
		o->kind = 254;
		o->len = 4;
		put16(o->data, 0xf989);
		parse_hex_blob(o);
	} else if (take_word("md5")) {
		o->kind = 19;
		o->len = 2;
		parse_hex_blob(o);
	} else {
		unsupported(t->line, "TCP option %s", t->text);
	}
}

static void parse_tcp_options(struct packet_spec *p)
{
	p->has_options = true;
	if (t->kind == T_ELLIPSIS) {
		t++;
		p->options_unchecked = true;
		want_char('>');
		return;
	}
	do
		parse_tcp_option(p);
	while (take_char(','));
	want_char('>');
}

/* (ect0), [tos 0x10], [ttl 64] ...: what the script says of the IP header. */
static void parse_ip_info(struct packet_spec *p)
{
	char close = is_char('(') ? ')' : ']';

	t++;
	do {
		if (take_word("noecn"))
			p->ecn = 0;
		else if (take_word("ect0"))
			p->ecn = 2;
		else if (take_word("ect1"))
			p->ecn = 1;
		else if (take_word("ce"))
			p->ecn = 3;
		else if (take_word("ect01"))
			p->ect01 = true;
		else if (take_word("tos"))
			p->tos = (int)want_int();
		else if (take_word("ttl"))
			p->ttl = (int)want_int();
		else if (take_word("flowlabel"))
			p->flowlabel = (long)want_int();
		else
			expected("noecn, ect0, ect1, ect01, ce, tos, ttl or flowlabel");
	} while (take_char(','));
	want_char(close);
}

static void parse_flags(struct packet_spec *p)
{
	static const char letters[] = "FSRP.UEW";
	static const unsigned bits[] = { F_FIN, F_SYN, F_RST, F_PSH, F_ACK, F_URG, F_ECE, F_CWR };

	p->flags_checked = true;
	if (take_char('-'))
		return;
	while (t->kind == T_WORD || is_char('.')) {
		for (const char *c = t->text; *c; c++) {
			const char *at = strchr(letters, *c);

			if (!at)
				fail(t->line, "no TCP flag %c", *c);
			p->flags |= bits[at - letters];
		}
		t++;
	}
}

static void parse_seq(uint32_t *seq, unsigned *payload)
{
	int64_t end;

	*seq = (uint32_t)want_int();
	want_char(':');
	end = want_int();
	want_char('(');
	*payload = (unsigned)want_int();
	want_char(')');
	if ((uint32_t)end != *seq + *payload)
		fail(t->line, "the range of sequence numbers is not as long as its payload");
}

static void parse_tcp(struct packet_spec *p)
{
	p->proto = P_TCP;
	parse_flags(p);
	parse_seq(&p->seq, &p->payload);
	if (take_word("ack")) {
		p->has_ack = true;
		p->ack = (uint32_t)want_int();
	}
	if (take_word("win")) {
		p->has_window = true;
		p->window = (unsigned)want_int();
	}
	if (take_word("urg")) {
		p->has_urgent = true;
		p->urgent = (unsigned)want_int();
	}
	if (take_char('<'))
		parse_tcp_options(p);
}

static void parse_icmp(struct packet_spec *p)
{
	p->proto = P_ICMP;
	p->icmp_mtu = p->icmp_id = -1;
	p->icmp_type = want_word();
	if (t->kind == T_WORD && !is_word("mtu") && !is_word("id"))
		p->icmp_code = want_word();
	if (take_word("mtu"))
		p->icmp_mtu = (long)want_int();
	if (take_word("id"))
		p->icmp_id = (long)want_int();
	if (!take_char('[')) {
		/* an error is about the connection's first byte unless it says more */
		if (strncmp(p->icmp_type, "echo", 4))
			p->echoed = ECHOED_TCP;
		return;
	}
	if (take_word("udp") || take_word("raw")) {
		p->echoed = !strcmp(t[-1].text, "udp") ? ECHOED_UDP : ECHOED_RAW;
		want_char('(');
		p->echoed_payload = (unsigned)want_int();
		want_char(')');
	} else {
		p->echoed = ECHOED_TCP;
		parse_seq(&p->echoed_seq, &p->echoed_payload);
	}
	want_char(']');
}

static void parse_addresses(struct packet_spec *p)
{
	p->version = take_word("ipv6") ? 6 : (t++, 4);
	if (is_char('(') || is_char('['))
		parse_ip_info(p);
	if (t->kind != T_IPV4 && t->kind != T_IPV6)
		expected("an address");
	p->src = (t++)->text;
	want_char('>');
	if (t->kind != T_IPV4 && t->kind != T_IPV6)
		expected("an address");
	p->dst = (t++)->text;
	want_char(':');
}

static struct packet_spec *parse_packet(void)
{
	struct packet_spec *p = grab(sizeof(*p));

	p->inbound = is_char('<');
	t++;
	p->ecn = p->tos = p->ttl = -1;
	p->flowlabel = -1;
	if (is_word("ipv4") || is_word("ipv6"))
		parse_addresses(p);
	if (is_word("gre") || is_word("mpls") || is_word("GREv0") || is_word("ipv4") || is_word("ipv6"))
		unsupported(t->line, "encapsulation %s", t->text);
	if (is_char('(') || is_char('['))
		parse_ip_info(p);
	if (take_word("icmp")) {
		parse_icmp(p);
		return p;
	}
	if (take_word("udp"))
		p->proto = P_UDP;
	if (t->kind == T_INT && t[1].kind == T_CHAR && t[1].value == '>') {
		p->sport = (int)want_int();
		t++;
		p->dport = (int)want_int();
	}
	if (p->proto != P_UDP) {
		parse_tcp(p);
		return p;
	}
	want_char('(');
	p->payload = (unsigned)want_int();
	want_char(')');
	return p;
}

/* ---- system calls ---- */

static void skip_note(void)
{
	int depth = 0;

	if (!is_char('('))
		return;
	do {
		depth += is_char('(');
		depth -= is_char(')');
		t++;
	} while (depth && t->kind != T_END);
}

static struct call_spec *parse_call(void)
{
	struct call_spec *c = grab(sizeof(*c));
	struct expr *args;

	if (t->kind == T_ELLIPSIS) {
		t++;
		c->blocking = true;
		c->end = parse_time();
	}
	args = new_expr(E_LIST);
	c->name = want_word();
	want_char('(');
	parse_args(args, ')');
	c->args = args->args;
	c->nargs = args->nargs;
	want_char('=');
	c->result = parse_expr();
	if (t->kind == T_WORD)
		c->errno_name = want_word();
	skip_note();
	return c;
}

/* ---- events ---- */

static struct event *parse_event(void)
{
	struct event *ev = grab(sizeof(*ev));

	ev->line = t->line;
	/* a command without a time comes right after what stands before it */
	if (t->kind == T_COMMAND || t->kind == T_CODE)
		ev->time_kind = TIME_RELATIVE;
	else
		parse_event_time(ev);
	ev->line = t->line;
	if (t->kind == T_COMMAND || t->kind == T_CODE) {
		ev->kind = t->kind == T_COMMAND ? EV_COMMAND : EV_CODE;
		ev->text = (t++)->text;
	} else if (is_char('<') || is_char('>')) {
		ev->kind = EV_PACKET;
		ev->packet = parse_packet();
	} else {
		ev->kind = EV_CALL;
		ev->call = parse_call();
	}
	return ev;
}

void parse(char *text)
{
	struct event **tail = &script.events;

	t = lex(text);
	parse_options();
	if (t->kind == T_COMMAND)
		script.init_command = (t++)->text;
	while (t->kind != T_END) {
		*tail = parse_event();
		tail = &(*tail)->next;
	}
}
