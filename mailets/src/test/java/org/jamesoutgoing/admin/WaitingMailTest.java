/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.apache.james.core.MailAddress;
import org.apache.james.lifecycle.api.LifecycleUtil;
import org.apache.james.mailrepository.api.MailKey;
import org.apache.james.mailrepository.memory.MemoryMailRepository;
import org.apache.james.server.core.MailImpl;
import org.jamesoutgoing.dsn.DsnRequest;
import org.jamesoutgoing.dsn.RecipientReport;
import org.jamesoutgoing.dsn.template.DsnKind;
import org.jamesoutgoing.queue.MailState;
import org.jamesoutgoing.queue.PastAttempt;
import org.jamesoutgoing.queue.QueueLedger;
import org.jamesoutgoing.queue.WaitingRoom;
import org.jamesoutgoing.routing.LayeredRoutes;
import org.jamesoutgoing.routing.OptionValues;
import org.jamesoutgoing.routing.RouteAssembler;
import org.jamesoutgoing.routing.RoutingTable;
import org.jamesoutgoing.routing.StaticRoutes;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WaitingMailTest {

    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);

    private final MemoryMailRepository repository = new MemoryMailRepository();
    private final QueueLedger ledger = new QueueLedger(() -> 0);
    private final RoutingTable routes = new RoutingTable(new LayeredRoutes(
            new RouteAssembler(), OptionValues.none(), "james.example", StaticRoutes.of(List.of(), List.of())));
    private final WaitingRoom room = new WaitingRoom(repository, routes, ledger, CLOCK);
    private final QueueView view = new QueueView(ledger, room, null, null, routes, null, CLOCK);

    @BeforeEach
    void open() throws Exception {
        room.open();
    }

    private Optional<WaitingMail> find(String idOrName) throws Exception {
        return view.waitingMail(idOrName, new MailAddress("postmaster@james.example"));
    }

    private void park(String id, String text) throws Exception {
        MailAddress recipient = new MailAddress("bob@example.com");
        MailImpl mail = MailImpl.builder()
                .name("Mail-" + id)
                .sender("alice@example.org")
                .addRecipient(recipient)
                .build();
        MailState state = MailState.admitted(id, mail.getName(), NOW.minusSeconds(3600), List.of(recipient))
                .withAttempt(new PastAttempt(
                        NOW.minusSeconds(60),
                        Optional.of("mx[192.0.2.1]"),
                        Optional.empty(),
                        Optional.empty(),
                        "deferred",
                        text))
                .parkedUntil(NOW.plusSeconds(600));
        room.park(mail, state);
        LifecycleUtil.dispose(mail);
    }

    private RecipientReport reported(String id, DsnKind kind) throws Exception {
        try (WaitingMail mail = find(id).orElseThrow()) {
            DsnRequest request = mail.notification(kind);
            assertThat(request.kind()).isEqualTo(kind);
            assertThat(request.arrival()).isEqualTo(NOW.minusSeconds(3600));
            return request.recipients().get(0);
        }
    }

    @Test
    void aMailIsFoundByItsIdAndByItsNameAndGoesOnWaiting() throws Exception {
        park("a", "450 4.2.1 not now");
        try (WaitingMail byId = find("a").orElseThrow();
                WaitingMail byName = find("Mail-a").orElseThrow()) {
            assertThat(byId.hasSender()).isTrue();
            assertThat(byName.hasSender()).isTrue();
        }
        assertThat(find("b")).isEmpty();
        assertThat(repository.size()).isEqualTo(1);
        assertThat(room.take("a")).isPresent();
    }

    @Test
    void aMailThatIsGoneIsNotFound() throws Exception {
        park("a", "450 4.2.1 not now");
        repository.remove(new MailKey("a.1"));
        assertThat(find("a")).isEmpty();
    }

    @Test
    void whatWouldBeToldIsWhatTheLastAttemptTells() throws Exception {
        park("a", "450 4.2.1 not now");
        RecipientReport delayed = reported("a", DsnKind.DELAY);
        assertThat(delayed.status()).isEqualTo("4.2.1");
        assertThat(delayed.reply()).contains("450 4.2.1 not now");
        assertThat(delayed.host()).contains("mx[192.0.2.1]");
        assertThat(delayed.at()).isEqualTo(NOW.minusSeconds(60));
        assertThat(delayed.attempts()).isEqualTo(1);
        assertThat(reported("a", DsnKind.SUCCESS).reply()).isEmpty();
        assertThat(reported("a", DsnKind.QUEUE_FULL).status()).isEqualTo("5.3.1");
    }

    @Test
    void troubleOfOurOwnIsNoReply() throws Exception {
        park("a", "no host could be reached");
        RecipientReport failed = reported("a", DsnKind.FAILURE);
        assertThat(failed.reply()).isEmpty();
        assertThat(failed.reason()).isEqualTo("no host could be reached");
        assertThat(failed.status()).isEqualTo("4.4.7");
    }
}
