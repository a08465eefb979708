# The tests: unit tests (tests/unit), guest programs (tests/guest), scripts (tests/scripts).

# ---- unit tests: each tests/unit/test_*.c is one program ----
UNIT_C = $(sort $(wildcard tests/unit/test_*.c))
UNIT_BIN = $(UNIT_C:tests/unit/%.c=$(O)/tests/unit/%)
UNIT_FLAGS = $(COMMON) -Wno-missing-prototypes -iquote include -iquote tests/unit -iquote . $(EXTRA)
CHECK_LIBS = $(shell $(PKG_CONFIG) --libs check 2>/dev/null || echo -lcheck -lsubunit -lm -lrt) -pthread

$(O)/tests/unit/fake_host.o: tests/unit/fake_host.c $(O)/flags
	@mkdir -p $(@D)
	@echo "  CC      $<"
	$(Q)$(CC) $(UNIT_FLAGS) -D_GNU_SOURCE -c -o $@ $<
$(O)/tests/unit/%.o: tests/unit/%.c $(O)/flags
	@mkdir -p $(@D)
	@echo "  CC      $<"
	$(Q)$(CC) $(UNIT_FLAGS) -include tests/unit/unit.h -c -o $@ $<
$(O)/tests/unit/%: $(O)/tests/unit/%.o $(O)/tests/unit/fake_host.o $(O)/libkernel.a
	@echo "  LD      $@"
	$(Q)$(CC) -no-pie $(SANLINK) -o $@ $^ $(CHECK_LIBS)

check-unit: $(UNIT_BIN)
	@sh tests/run-unit $(UNIT_BIN)

-include $(UNIT_C:tests/unit/%.c=$(O)/tests/unit/%.d) $(O)/tests/unit/fake_host.d
.PHONY: check-unit

# ---- guest programs ----
GUEST_FLAGS = -std=gnu11 -O1 -g -Wall -D_GNU_SOURCE -static -pthread -Itests/guest -fcf-protection=none
$(O)/guest/%.musl: tests/guest/%.c $(wildcard tests/guest/*.h)
	@mkdir -p $(@D)
	@echo "  MUSL    $<"
	$(Q)musl-gcc $(GUEST_FLAGS) -idirafter /usr/include -idirafter /usr/include/$(shell $(CC) -print-multiarch) -o $@ $<
$(O)/guest/%: tests/guest/%.c $(wildcard tests/guest/*.h)
	@mkdir -p $(@D)
	@echo "  GUEST   $<"
	$(Q)$(CC) $(GUEST_FLAGS) -o $@ $<

check-guest: $(O)/umk
	@O=$(O) tests/run-guest
expected:
	@O=$(O) tests/run-guest -r
.PHONY: check-guest expected
