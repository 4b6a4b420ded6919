/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.apache.james.core.MailAddress;
import org.apache.james.core.builder.MimeMessageBuilder;
import org.apache.james.server.core.MailImpl;
import org.jamesoutgoing.queue.ListedMail;
import org.jamesoutgoing.queue.MailState;
import org.jamesoutgoing.queue.QueueLedger;
import org.jamesoutgoing.queue.QueueState;
import org.jamesoutgoing.routing.LayeredRoutes;
import org.jamesoutgoing.routing.OptionValues;
import org.jamesoutgoing.routing.RouteAssembler;
import org.jamesoutgoing.routing.RouteName;
import org.jamesoutgoing.routing.RoutingTable;
import org.jamesoutgoing.routing.StaticRoute;
import org.jamesoutgoing.routing.StaticRoutes;
import org.jamesoutgoing.settings.Origin;
import org.junit.jupiter.api.Test;

class OldMailsTest {

    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

    private final QueueLedger ledger = new QueueLedger(() -> 0);
    private final RoutingTable routes = new RoutingTable(new LayeredRoutes(
            new RouteAssembler(),
            OptionValues.of(Map.of("queueLifetime", "100h")),
            "james.example",
            StaticRoutes.of(
                    List.of(new StaticRoute(
                            RouteName.parse("hasty.example"),
                            Origin.FILE,
                            OptionValues.of(Map.of("queueLifetime", "2h")))),
                    List.of())));
    private final QueueView view =
            new QueueView(ledger, null, null, null, routes, null, Clock.fixed(NOW, ZoneOffset.UTC));
    private long nanos;
    private final OldMails oldMails = new OldMails(ledger, view, () -> nanos);

    private void put(String id, Duration age, String recipient) throws Exception {
        MailImpl mail = MailImpl.builder().name(id).sender("alice@example.com").build();
        mail.setMessage(
                MimeMessageBuilder.mimeMessageBuilder().setText("Hello.").build());
        MailState state = MailState.admitted(id, id, NOW.minus(age), List.of(new MailAddress(recipient)));
        ledger.put(QueueState.DEFERRED, ListedMail.of(mail, state, ""));
    }

    @Test
    void withoutMailNothingIsOld() {
        assertThat(oldMails.oldestAge()).isZero();
        assertThat(oldMails.seen().nearest()).isEmpty();
        assertThat(oldMails.seen().used()).isZero();
    }

    @Test
    void theOldestIsNotAlwaysTheOneThatEndsFirst() throws Exception {
        put("new", Duration.ZERO, "a@b.example");
        put("old", Duration.ofHours(10), "a@b.example");
        put("hasty", Duration.ofMinutes(90), "a@hasty.example");

        assertThat(oldMails.oldestAge()).isEqualTo(36_000);
        assertThat(oldMails.seen().nearest().orElseThrow().id()).isEqualTo("hasty");
        assertThat(oldMails.seen().used()).isEqualTo(0.75);
    }

    @Test
    void aMailOfTomorrowHasNoAge() throws Exception {
        put("mail", Duration.ofDays(-1), "a@b.example");

        assertThat(oldMails.oldestAge()).isZero();
    }

    @Test
    void allMailsAreLookedAtOnceInTenSeconds() throws Exception {
        assertThat(oldMails.oldestAge()).isZero();
        put("mail", Duration.ofSeconds(7), "a@b.example");
        nanos = Duration.ofSeconds(10).toNanos();
        assertThat(oldMails.oldestAge()).isZero();

        nanos++;

        assertThat(oldMails.oldestAge()).isEqualTo(7);
    }
}
