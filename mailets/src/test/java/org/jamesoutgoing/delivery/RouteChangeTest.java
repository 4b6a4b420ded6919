/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.mailet.Attribute;
import org.apache.mailet.AttributeValue;
import org.apache.mailet.Mail;
import org.jamesoutgoing.routing.LayeredRoutes;
import org.jamesoutgoing.routing.OptionValues;
import org.jamesoutgoing.routing.RouteAssembler;
import org.jamesoutgoing.routing.RouteName;
import org.jamesoutgoing.routing.Routes;
import org.jamesoutgoing.routing.StaticRoute;
import org.jamesoutgoing.routing.StaticRoutes;
import org.jamesoutgoing.settings.Origin;
import org.junit.jupiter.api.Test;

/** What a route says counts for the next attempt of every mail, wherever the mail is by then. */
class RouteChangeTest {

    private static final String THERE = "bob@there.example";

    private final World world = new World();

    static Routes routes(Map<String, String> options) {
        return routes(options, "there.example");
    }

    private static Routes routes(Map<String, String> options, String... domains) {
        List<StaticRoute> all = Stream.of(domains)
                .map(domain -> new StaticRoute(RouteName.parse(domain), Origin.RUNTIME, OptionValues.of(options)))
                .toList();
        return new LayeredRoutes(
                new RouteAssembler(), OptionValues.none(), "here.example", StaticRoutes.of(List.of(), all));
    }

    private void admit(World.Life process, String name) throws Exception {
        process.admission.admit(World.mail(name, "sender@here.example", THERE));
    }

    @Test
    void mailOfASuspendedRouteWaitsUntilItIsResumed() throws Exception {
        try (World.Life process = world.process()) {
            process.routes.replace(routes(Map.of("suspended", "true")));
            admit(process, "mail");
            for (int hour = 0; hour < 3; hour++) {
                world.clock.advance(Duration.ofHours(1));
                process.settleDown();
            }
            assertThat(world.peers.asked()).isEmpty();
            assertThat(world.disk.size()).isEqualTo(1);

            process.routes.replace(routes(Map.of()));
            process.settleDown();
            assertThat(world.peers.copies(THERE)).isEqualTo(1);
            assertThat(world.disk.size()).isZero();
        }
    }

    @Test
    void aMailToTwoDomainsWhoseRoutesSayTheSameIsDelivered() throws Exception {
        try (World.Life process = world.process()) {
            process.routes.replace(routes(Map.of("relayHosts", "127.0.0.7"), "there.example", "also.example"));
            process.admission.admit(World.mail("mail", "sender@here.example", THERE, "eve@also.example"));
            process.settleDown();
        }
        assertThat(world.peers.asked()).containsExactly("127.0.0.7 " + THERE, "127.0.0.7 eve@also.example");
    }

    @Test
    void theLifetimeOfSuspendedMailGoesOnAndTheSenderIsTold() throws Exception {
        try (World.Life process = world.process()) {
            process.routes.replace(routes(Map.of("suspended", "true", "queueLifetime", "2d")));
            admit(process, "mail");
            process.settleDown();
            for (int step = 0; step < 5; step++) {
                world.clock.advance(Duration.ofHours(12));
                process.settleDown();
            }
            assertThat(world.peers.asked()).isEmpty();
            assertThat(world.disk.size()).isZero();
            assertThat(world.spool.handed().get(0).text()).contains("Action: delayed");
            assertThat(world.spool.handed().get(1).text()).contains("Action: failed");
        }
    }

    @Test
    void aMailThatWaitsGoesTheNewWayAtItsNextAttempt() throws Exception {
        world.peers.answer((host, recipient) -> host.startsWith("mx.") ? "450 4.2.1 later" : "250 2.1.5 OK");
        try (World.Life process = world.process()) {
            admit(process, "mail");
            process.settleDown();
            process.routes.replace(routes(Map.of("relayHosts", "127.0.0.7")));
            world.clock.advance(Duration.ofMinutes(2));
            process.settleDown();
        }
        assertThat(world.peers.asked()).containsExactly("mx.there.example " + THERE, "127.0.0.7 " + THERE);
    }

    @Test
    void aMailThatStandsInALaneGoesTheNewWay() throws Exception {
        world.peers.answer((host, recipient) -> host.startsWith("mx.") ? null : "250 2.1.5 OK");
        try (World.Life process = world.process()) {
            process.routes.replace(routes(Map.of("connectionsPerNextHop", "1")));
            for (int i = 0; i < 8; i++) {
                admit(process, "mail" + i);
            }
            World.soon().until(() -> world.peers.asked().size() >= 2);
            process.routes.replace(routes(Map.of("relayHosts", "127.0.0.7")));
            int silent = 3; // one connection, and two envelopes behind it
            World.soon().until(() -> world.peers.copies(THERE) >= 8 - silent);
        }
    }

    @Test
    void aDeletedRouteFallsBackToTheDefaultRoute() throws Exception {
        world.peers.answer((host, recipient) -> host.startsWith("mx.") ? "250 2.1.5 OK" : "450 4.2.1 later");
        try (World.Life process = world.process()) {
            process.routes.replace(routes(Map.of("relayHosts", "127.0.0.7")));
            admit(process, "mail");
            process.settleDown();
            assertThat(world.peers.copies(THERE)).isZero();
            process.routes.replace(routes(Map.of()));
            world.clock.advance(Duration.ofMinutes(2));
            process.settleDown();
            assertThat(world.peers.copies(THERE)).isEqualTo(1);
        }
    }

    @Test
    void allMailLeavesWithinAMinuteOfTheMainServersReturn() throws Exception {
        world.peers.answer((host, recipient) -> "connect");
        try (World.Life process = world.process()) {
            process.routes.replace(routes(Map.of("backup", "true", "relayHosts", "127.0.0.7")));
            for (int i = 0; i < 200; i++) {
                admit(process, "mail" + i);
            }
            for (int i = 0; i < 3 * 60; i++) {
                world.clock.advance(Duration.ofMinutes(1));
                process.settleDown();
            }
            assertThat(world.disk.size()).isEqualTo(200);
            // One mail at a time asks whether the main server is back.
            assertThat(world.peers.asked()).hasSizeLessThan(3 * 60 + 20);

            world.peers.answer((host, recipient) -> "250 2.1.5 OK");
            for (int i = 0; i < 6; i++) {
                world.clock.advance(Duration.ofSeconds(10));
                process.settleDown();
            }
            assertThat(world.peers.copies(THERE)).isEqualTo(200);
        }
    }

    @Test
    void aMainServerThatIsBackIsNotRunOver() throws Exception {
        world.peers.answer((host, recipient) -> "connect");
        try (World.Life process = world.process()) {
            process.routes.replace(routes(Map.of("backup", "true", "relayHosts", "127.0.0.7", "releaseRate", "10")));
            for (int i = 0; i < 100; i++) {
                admit(process, "mail" + i);
            }
            world.clock.advance(Duration.ofMinutes(1));
            process.settleDown();
            world.peers.answer((host, recipient) -> "250 2.1.5 OK");
            world.clock.advance(Duration.ofMinutes(1));
            process.settleDown();
            for (int second = 1; second <= 12; second++) {
                int before = world.peers.copies(THERE);
                world.clock.advance(Duration.ofSeconds(1));
                process.settleDown();
                assertThat(world.peers.copies(THERE) - before).isBetween(0, 11);
            }
            assertThat(world.peers.copies(THERE)).isEqualTo(100);
        }
    }

    @Test
    void aRouteSendsTheFailureMessagesItIsToldToSend() throws Exception {
        world.peers.answer((host, recipient) -> "550 5.1.1 no such user");
        try (World.Life process = world.process()) {
            process.routes.replace(routes(Map.of("failureDsn", "off")));
            admit(process, "mail");
            process.settleDown();
            assertThat(world.spool.dsns()).isZero();
            process.routes.replace(routes(Map.of()));
            admit(process, "other");
            process.settleDown();
            assertThat(world.spool.dsns()).isEqualTo(1);
        }
    }

    @Test
    void aBackupServerMaySendNoFailureMessagesToSendersItDoesNotKnow() throws Exception {
        for (boolean known : new boolean[] {true, false}) {
            for (boolean processor : new boolean[] {true, false}) {
                World fresh = new World();
                fresh.peers.answer((host, recipient) -> "550 5.1.1 no such user");
                fresh.bounceProcessor = processor ? Optional.of("bounces") : Optional.empty();
                try (World.Life process = fresh.process()) {
                    process.routes.replace(
                            routes(Map.of("backup", "true", "relayHosts", "127.0.0.7", "backupDsns", "false")));
                    Mail mail = World.mail("mail", "sender@here.example", THERE);
                    if (known) {
                        mail.setAttribute(new Attribute(Mail.SMTP_AUTH_USER, AttributeValue.of("sender")));
                    }
                    process.admission.admit(mail);
                    process.settleDown();
                }
                assertThat(fresh.spool.handed())
                        .as("known %s, bounce processor %s", known, processor)
                        .hasSize(known ? 1 : 0);
            }
        }
    }
}
