/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.apache.mailet.Mail;
import org.jamesoutgoing.mailets.Read;
import org.jamesoutgoing.routing.Route;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;

/** A service with the parameters that {@code conf/mailetcontainer.xml} has it begin with. */
class SampleConfigurationDeliveryTest {

    private static final String THERE = "there@one.example";
    private static final Duration WEEK = Duration.ofDays(7);

    private final World world = new World();

    SampleConfigurationDeliveryTest() throws Exception {
        world.route = sampleRoute();
    }

    private static Route sampleRoute() throws Exception {
        NodeList mailets = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(Path.of("../conf/mailetcontainer.xml").toFile())
                .getElementsByTagName("mailet");
        for (int i = 0; i < mailets.getLength(); i++) {
            Element mailet = (Element) mailets.item(i);
            if (mailet.getAttribute("class").equals("org.jamesoutgoing.mailets.OutgoingDelivery")) {
                return Read.route(parametersOf(mailet));
            }
        }
        throw new AssertionError("the sample has no OutgoingDelivery");
    }

    private static String[] parametersOf(Element mailet) {
        List<String> namesAndValues = new ArrayList<>();
        for (Node child = mailet.getFirstChild(); child != null; child = child.getNextSibling()) {
            if (child instanceof Element parameter) {
                namesAndValues.add(parameter.getTagName());
                namesAndValues.add(parameter.getTextContent());
            }
        }
        return namesAndValues.toArray(String[]::new);
    }

    private static Mail mail() throws Exception {
        return World.mail("mail", "sender@here.example", THERE);
    }

    @Test
    void itDelivers() throws Exception {
        try (World.Life process = world.process()) {
            process.admission.admit(mail());
            process.settleDown();
        }
        assertThat(world.peers.copies(THERE)).isOne();
        assertThat(world.spool.handed()).isEmpty();
        assertThat(world.disk.size()).isZero();
    }

    @Test
    void itDefersForAWeekAsTheScheduleSaysAndThenTellsTheSender() throws Exception { // RFC 5321 §4.5.4.1
        List<Instant> attempts = new ArrayList<>();
        world.peers.answer((host, recipient) -> {
            attempts.add(world.clock.instant());
            return "450 4.2.1 later";
        });
        Instant start = world.clock.instant();
        Instant givenUp = null;
        try (World.Life process = world.process()) {
            process.admission.admit(mail());
            process.settleDown();
            while (world.clock.instant().isBefore(start.plus(WEEK))) {
                Duration delay = world.route.resend().delayAfter(attempts.size());
                int before = attempts.size();
                // The last attempt is at the end of the lifetime, and so earlier than the schedule says.
                boolean last = !world.clock.instant().plus(delay).isBefore(start.plus(world.route.queueLifetime()));
                if (!last) {
                    world.clock.advance(delay.multipliedBy(89).dividedBy(100));
                    process.settleDown();
                    assertThat(attempts).as("before its time").hasSize(before);
                }
                while (attempts.size() == before && world.clock.instant().isBefore(start.plus(WEEK))) {
                    world.clock.advance(delay.dividedBy(50));
                    process.settleDown();
                    if (givenUp == null && world.disk.size() == 0) {
                        givenUp = world.clock.instant();
                    }
                }
                if (givenUp == null) {
                    assertThat(Duration.between(attempts.get(before - 1), attempts.get(before)))
                            .as("after attempt %d", before)
                            .isLessThan(delay.multipliedBy(115).dividedBy(100));
                }
            }
        }
        assertThat(Duration.between(start, givenUp))
                .isBetween(Duration.ofDays(5), Duration.ofDays(5).plusHours(1));
        assertThat(attempts).hasSizeBetween(30, 40);
        assertThat(world.spool.handed()).hasSize(2);
        assertThat(world.spool.handed().get(0).text()).contains("Action: delayed");
        assertThat(world.spool.handed().get(1).text())
                .contains("Action: failed", "Final-Recipient: rfc822; " + THERE, "450 4.2.1 later");
    }

    @Test
    void itEndsALoopOfServers() throws Exception { // RFC 5321 §6.3
        Mail looping = mail();
        for (int hop = 0; hop <= 100; hop++) {
            looping.getMessage().addHeader("Received", "from a.example by b.example; Thu, 1 Jan 2026 00:00:00 +0000");
        }
        assertEnded(looping, "mail loop");
    }

    @Test
    void itSendsNothingToItself() throws Exception { // RFC 5321 §5.1
        world.ourselves = (hostName, addresses) -> hostName.equals("mx.one.example");
        assertEnded(mail(), "loops back to this server");
    }

    private void assertEnded(Mail mail, String reason) throws Exception {
        try (World.Life process = world.process()) {
            process.admission.admit(mail);
            process.settleDown();
        }
        assertThat(world.peers.asked()).isEmpty();
        assertThat(world.disk.size()).isZero();
        assertThat(world.spool.handed()).singleElement().satisfies(dsn -> assertThat(dsn.text())
                .contains("Action: failed", "Status: 5.4.6", reason));
    }
}
