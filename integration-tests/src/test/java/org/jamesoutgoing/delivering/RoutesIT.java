/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.delivering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jamesoutgoing.delivering.Soon.nothingIsLeft;
import static org.jamesoutgoing.delivering.Soon.soon;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.mail.internet.MimeMessage;
import javax.mail.internet.MimeMultipart;
import org.jamesoutgoing.testing.Answer;
import org.jamesoutgoing.testing.DnsServer;
import org.jamesoutgoing.testing.FreePort;
import org.jamesoutgoing.testing.JamesServer;
import org.jamesoutgoing.testing.JamesSetup;
import org.jamesoutgoing.testing.JamesSetup.Queue;
import org.jamesoutgoing.testing.NeedsDnsServer;
import org.jamesoutgoing.testing.ReceivingServer;
import org.jamesoutgoing.testing.SmtpSender;
import org.jamesoutgoing.testing.Stage;
import org.jamesoutgoing.testing.TestMessage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Where mail goes, in a real James that asks a real DNS server. One James for all tests of a queue, with several outgoing
 * mailets side by side; each test has domains and receiving hosts of its own.
 */
class RoutesIT {

    @Nested
    class OnTheMemoryQueue extends Routes {
        OnTheMemoryQueue() {
            super(Queue.MEMORY);
        }
    }

    @Nested
    class OnActiveMq extends Routes {
        OnActiveMq() {
            super(Queue.ACTIVEMQ);
        }
    }

    @NeedsDnsServer
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    abstract static class Routes {

        private static final String ALICE = "alice@james.test";
        /** The receiving hosts are on loopback addresses. */
        private static final String LABORATORY = "<localExchangers>true</localExchangers>";

        private static final String RELAY_PROCESSOR = "<processor state=\"relay\" enableJmx=\"true\">";

        private static final String STRANGERS =
                "mx.strangers.test,localhost.strangers.test,own.strangers.test,127.0.0.1";

        private final Queue queue;
        /** All receiving hosts listen on it, each on an address of its own. */
        private final int port = FreePort.choose();

        private final int smtpPort = FreePort.choose();

        private final List<ReceivingServer> hosts = new ArrayList<>();
        private int addresses;
        private DnsServer dns;
        private DnsServer unsteadyDns;
        private JamesServer james;

        Routes(Queue queue) {
            this.queue = queue;
        }

        @BeforeAll
        void start() throws Exception {
            dns = DnsServer.on("127.0.0.1", FreePort.choose()).start();
            unsteadyDns = DnsServer.on("127.0.0.1", FreePort.choose());
            JamesSetup setup = JamesSetup.james()
                    .queue(queue)
                    .user(ALICE, "secret")
                    .outgoing(independent(dns))
                    .change("smtpserver.xml", text -> text.replace("127.0.0.1:0", "127.0.0.1:" + smtpPort))
                    .change("mailetcontainer.xml", text -> text.replace(RELAY_PROCESSOR, RELAY_PROCESSOR + mailets()));
            james = JamesServer.start(setup);
        }

        /** All hosts listen on one port that is not 25, so that no test needs to be root. */
        private String independent(DnsServer server) {
            return "<dnsServers>" + server.hostAndPort() + "</dnsServers><dnsTimeout>500ms</dnsTimeout><port>" + port
                    + "</port><resendDelays>1s</resendDelays>" + LABORATORY;
        }

        private String mailets() {
            String toUs = "<dnsServers>" + dns.hostAndPort() + "</dnsServers><port>" + smtpPort + "</port>";
            String us = "us.strangers.test:" + smtpPort + ",127.0.0.1:" + smtpPort + ",0.0.0.0:" + smtpPort;
            String noDns =
                    "<dnsServers>127.0.0.1:" + FreePort.choose() + "</dnsServers><resendDelays>1s</resendDelays>";
            String port = "<port>" + this.port + "</port>";
            return mailet("unsteady", independent(unsteadyDns))
                    + mailet("expiring", independent(dns) + "<queueLifetime>3s</queueLifetime>")
                    + mailet("strangers", STRANGERS, toUs)
                    + mailet("laboratory", "laboratory.test", toUs + LABORATORY)
                    + mailet("relay-to-us", "relay-to-us.test", toUs + "<relayHosts>" + us + "</relayHosts>")
                    + mailet("by-address", "<relayHosts>127.0.8.1:" + this.port + "</relayHosts>" + noDns)
                    + mailet("by-name", "<relayHosts>localhost:" + this.port + "</relayHosts>" + noDns)
                    + mailet(
                            "fail-over",
                            "<relayHosts>127.0.8.2,127.0.8.3</relayHosts><loadBalancing>false</loadBalancing>" + port
                                    + noDns)
                    + mailet("balanced", "<relayHosts>127.0.8.4,127.0.8.5</relayHosts>" + port + noDns);
        }

        /** Mail to the domain {@code <queue>.test} goes by this queue. */
        private static String mailet(String queue, String parameters) {
            return mailet(queue, queue + ".test", parameters);
        }

        private static String mailet(String queue, String hosts, String parameters) {
            return "<mailet match=\"HostIs=" + hosts + "\" class=\"" + JamesSetup.MAILET + "\"><outgoing>" + queue
                    + "</outgoing>" + parameters + "</mailet>";
        }

        @AfterEach
        void closeHosts() throws IOException {
            for (ReceivingServer host : hosts) {
                host.close();
            }
            hosts.clear();
        }

        @AfterAll
        void stop() throws IOException {
            if (james != null) {
                james.close();
            }
            dns.close();
            unsteadyDns.close();
        }

        private ReceivingServer host() throws IOException {
            return host(unusedAddress());
        }

        private ReceivingServer host(String address) throws IOException {
            ReceivingServer host = ReceivingServer.start(address, port);
            hosts.add(host);
            return host;
        }

        /** Nobody listens there, and no test was there before: no connection of another test is kept open to it. */
        private String unusedAddress() {
            return "127.0.7." + ++addresses;
        }

        /** An exchanger record and its host's address. */
        private static String exchanger(int preference, String name, String address) {
            return "@ MX %d %s\n%s %s %s\n"
                    .formatted(preference, name, name, address.contains(":") ? "AAAA" : "A", address);
        }

        private static void arrivesOnceAt(ReceivingServer host, String recipient) {
            soon().untilAsserted(() -> assertThat(host.mailsTo(recipient)).hasSize(1));
        }

        /** The message that came back, or its header. */
        private static MimeMessage original(Dsn dsn) throws Exception {
            MimeMultipart parts = (MimeMultipart) dsn.message().getContent();
            return new MimeMessage(null, parts.getBodyPart(2).getInputStream());
        }

        private Dsn onlyDsnAbout(String recipient) throws Exception {
            soon().untilAsserted(
                            () -> assertThat(Dsn.about(recipient, james, ALICE)).hasSize(1));
            return Dsn.about(recipient, james, ALICE).get(0);
        }

        @Test
        void theMostPreferredExchangerGetsTheMail() throws Exception { // RFC 5321 §5.1
            ReceivingServer best = host();
            ReceivingServer second = host();
            ReceivingServer third = host();
            dns.zone(
                    "preferences.test",
                    exchanger(20, "second", second.address())
                            + exchanger(30, "third", third.address())
                            + exchanger(10, "best", best.address()));

            james.send(ALICE, "bob@preferences.test");

            arrivesOnceAt(best, "bob@preferences.test");
            assertThat(second.connections()).isEmpty();
            assertThat(third.connections()).isEmpty();
            nothingIsLeft(james, "outgoing");
        }

        enum Refusal {
            GREETING_421(Stage.GREETING, Answer.reply("421 4.3.2 closing")),
            GREETING_554(Stage.GREETING, Answer.reply("554 5.3.2 no SMTP service here")),
            NO_GREETING(Stage.GREETING, Answer.drop()),
            EHLO_421(Stage.EHLO, Answer.reply("421 4.3.2 too busy")),
            MAIL_451(Stage.MAIL, Answer.reply("451 4.3.0 not now")),
            RCPT_450(Stage.RCPT, Answer.reply("450 4.2.1 greylisted")),
            DATA_451(Stage.DATA, Answer.reply("451 4.3.0 not now"));

            private final Stage stage;
            private final Answer answer;

            Refusal(Stage stage, Answer answer) {
                this.stage = stage;
                this.answer = answer;
            }
        }

        @ParameterizedTest
        @EnumSource(Refusal.class)
        void theNextExchangerGetsTheMailInTheSameAttemptWhenTheBestOneRefusesForNow(Refusal refusal)
                throws Exception { // RFC 5321 §5.1
            String domain = refusal.name().toLowerCase(Locale.ROOT).replace('_', '-') + ".test";
            ReceivingServer best = host();
            best.answer(refusal.stage, refusal.answer);
            ReceivingServer second = host();
            dns.zone(domain, exchanger(10, "best", best.address()) + exchanger(20, "second", second.address()));

            james.send(ALICE, "bob@" + domain, "carol@" + domain);

            arrivesOnceAt(second, "bob@" + domain);
            arrivesOnceAt(second, "carol@" + domain);
            assertThat(best.connections()).as("one attempt").hasSize(1);
            assertThat(best.mails()).isEmpty();
            nothingIsLeft(james, "outgoing");
        }

        @Test
        void exchangersThatAreDownOrHaveNoAddressArePassedOver() throws Exception { // RFC 5321 §5.1
            ReceivingServer last = host();
            dns.zone(
                    "holes.test",
                    exchanger(10, "down", unusedAddress())
                            + "@ MX 20 nowhere\n"
                            + exchanger(30, "last", last.address()));

            james.send(ALICE, "bob@holes.test");

            arrivesOnceAt(last, "bob@holes.test");
        }

        @Test
        void eachAddressOfAnExchangerIsTried() throws Exception { // RFC 5321 §5.1
            ReceivingServer second = host();
            dns.zone("addresses.test", exchanger(10, "mx", unusedAddress()) + "mx A " + second.address());

            james.send(ALICE, "bob@addresses.test");

            arrivesOnceAt(second, "bob@addresses.test");
        }

        @Test
        void aRefusalForGoodIsNotOfferedToTheNextExchanger() throws Exception { // RFC 5321 §4.2.1
            ReceivingServer best = host();
            best.answer(Stage.RCPT, "nobody@", Answer.reply("550 5.1.1 no such user"));
            ReceivingServer second = host();
            dns.zone("final.test", exchanger(10, "best", best.address()) + exchanger(20, "second", second.address()));

            james.send(ALICE, "nobody@final.test");

            assertThat(onlyDsnAbout("nobody@final.test").all("status")).containsExactly("5.1.1");
            assertThat(second.connections()).isEmpty();
        }

        @Test
        void recipientsInSeveralDomainsEachGetTheMailOnceByTheirOwnExchangers() throws Exception {
            ReceivingServer one = host();
            ReceivingServer shared = host();
            dns.zone("one.test", exchanger(10, "mx", one.address()));
            dns.zone("two.test", exchanger(10, "mx", shared.address()));
            dns.zone("three.test", "@ MX 10 mx.two.test.");
            List<String> recipients = List.of(
                    "a@one.test", "b@one.test", "c@two.test", "d@three.test", "e@three.test", "f@nosuchdomain.test");

            james.send(ALICE, recipients.toArray(String[]::new));

            for (String recipient : recipients.subList(0, 2)) {
                arrivesOnceAt(one, recipient);
            }
            for (String recipient : recipients.subList(2, 5)) {
                arrivesOnceAt(shared, recipient);
            }
            onlyDsnAbout("f@nosuchdomain.test");
            nothingIsLeft(james, "outgoing");
            assertThat(one.mails()).as("one transaction for each domain").hasSize(1);
            assertThat(shared.mails()).hasSize(2);
        }

        @Test
        void anExchangerWithOnlyAnIpv6AddressGetsTheMail() throws Exception {
            ReceivingServer host = host("::1");
            dns.zone("six.test", exchanger(10, "mx", "::1"));

            james.send(ALICE, "bob@six.test");

            arrivesOnceAt(host, "bob@six.test");
        }

        @Test
        void aDomainWithoutExchangersIsItsOwn() throws Exception { // RFC 5321 §5.1, the implicit MX
            ReceivingServer host = host();
            dns.zone("plain.test", "@ A " + host.address());

            james.send(ALICE, "bob@plain.test");

            arrivesOnceAt(host, "bob@plain.test");
        }

        @Test
        void anAliasedDomainHasTheExchangersOfItsTarget() throws Exception { // RFC 5321 §5.1
            ReceivingServer host = host();
            dns.zone("target.test", exchanger(10, "mx", host.address()));
            dns.zone("aliases.test", "mail CNAME other\nother CNAME target.test.");

            james.send(ALICE, "bob@mail.aliases.test");

            arrivesOnceAt(host, "bob@mail.aliases.test");
        }

        @Test
        void anExchangerThatIsAnAliasIsFollowed() throws Exception { // RFC 2181 §10.3 forbids it; there are many
            ReceivingServer host = host();
            dns.zone("indirect.test", "@ MX 10 mx\nmx CNAME real\nreal A " + host.address());

            james.send(ALICE, "bob@indirect.test");

            arrivesOnceAt(host, "bob@indirect.test");
        }

        @Test
        void anInternationalizedDomainIsLookedUpByItsALabel() throws Exception { // RFC 5890 §2.3.2.1
            ReceivingServer host = host();
            dns.zone("xn--bcher-kva.test", exchanger(10, "mx", host.address()));

            // James 3.8.1 takes no U-label in an envelope.
            james.send(ALICE, "bob@XN--BCHER-KVA.test");

            arrivesOnceAt(host, "bob@xn--bcher-kva.test");
        }

        @Test
        void anAddressLiteralNeedsNoDns() throws Exception { // RFC 5321 §4.1.3
            ReceivingServer host = host();

            james.send(ALICE, "bob@[" + host.address() + "]");

            arrivesOnceAt(host, "bob@[" + host.address() + "]");
        }

        @Test
        void aDomainThatTakesNoMailFailsAtOnce() throws Exception { // RFC 7505 §3
            ReceivingServer host = host();
            dns.zone("nullmx.test", "@ MX 0 .\n@ A " + host.address());

            james.send(ALICE, "bob@nullmx.test");

            assertThat(onlyDsnAbout("bob@nullmx.test").all("status")).containsExactly("5.1.10");
            assertThat(host.connections()).isEmpty();
            nothingIsLeft(james, "outgoing");
        }

        @Test
        void aDomainThatDoesNotExistFailsAtOnce() throws Exception { // RFC 3463 §3.2
            james.send(ALICE, "bob@does-not-exist.test");

            assertThat(onlyDsnAbout("bob@does-not-exist.test").all("status")).containsExactly("5.1.2");
            nothingIsLeft(james, "outgoing");
        }

        @Test
        void mailThatOnlyThisServerCouldTakeFailsInsteadOfLooping() throws Exception { // RFC 5321 §5.1
            dns.zone("loops.test", "@ MX 10 james.test.\n@ A " + unusedAddress());

            james.send(ALICE, "bob@loops.test");

            assertThat(onlyDsnAbout("bob@loops.test").all("status")).containsExactly("5.4.6");
            nothingIsLeft(james, "outgoing");
        }

        @Test
        void mailNeverComesBackToTheServerThatItLeft() throws Exception { // RFC 5321 §6.3
            dns.zone(
                    "strangers.test",
                    """
                    us A 127.0.0.1
                    mx MX 10 us
                    localhost MX 10 localhost.
                    own A 127.0.0.1
                    """);
            dns.zone("laboratory.test", "@ MX 10 us.strangers.test.");
            List<String> recipients = List.of(
                    "bob@mx.strangers.test",
                    "bob@localhost.strangers.test",
                    "bob@own.strangers.test",
                    "bob@[127.0.0.1]",
                    "bob@laboratory.test");

            james.send(ALICE, recipients.toArray(String[]::new));

            for (String recipient : recipients) {
                Dsn dsn = onlyDsnAbout(recipient);
                assertThat(dsn.all("status")).as(recipient).containsExactly("5.4.6");
                assertThat(original(dsn).getHeader("Received")).as(recipient).hasSize(1);
            }
            nothingIsLeft(james, "strangers", "laboratory");
        }

        /** Relay hosts are the administrator's, and so is the slip. */
        @Test
        void mailWaitsWhileTheRelayHostsAreThisServerItself() throws Exception {
            james.send(ALICE, "bob@relay-to-us.test");
            soon().untilAsserted(
                            () -> assertThat(Soon.waiting(james, "relay-to-us")).hasSize(1));
            assertThat(Dsn.about("bob@relay-to-us.test", james, ALICE)).isEmpty();
        }

        @Test
        void exchangersNoBetterThanThisServerAreLeftOut() throws Exception { // RFC 5321 §5.1
            ReceivingServer better = host();
            better.answer(Stage.MAIL, "", Answer.reply("451 4.3.0 not now"), 1);
            ReceivingServer worse = host();
            dns.zone(
                    "backup.test",
                    exchanger(10, "better", better.address())
                            + "@ MX 20 james.test.\n"
                            + exchanger(30, "worse", worse.address()));

            james.send(ALICE, "bob@backup.test");

            arrivesOnceAt(better, "bob@backup.test");
            assertThat(worse.connections()).isEmpty();
        }

        @Test
        void aServerFailureOfDnsDefersTheMail() throws Exception { // RFC 5321 §5.1
            dns.broken("broken.test");
            james.send(ALICE, "bob@broken.test");
            soon().untilAsserted(
                            () -> assertThat(Soon.waiting(james, "outgoing")).hasSize(1));

            ReceivingServer host = host();
            dns.zone("broken.test", exchanger(10, "mx", host.address()));

            arrivesOnceAt(host, "bob@broken.test");
            assertThat(Dsn.about("bob@broken.test", james, ALICE)).isEmpty();
        }

        @Test
        void mailWaitsWhileDnsIsDownAndIsDeliveredWhenItIsUp() throws Exception { // RFC 5321 §5.1
            ReceivingServer host = host();
            james.send(ALICE, "bob@unsteady.test");
            soon().untilAsserted(
                            () -> assertThat(Soon.waiting(james, "unsteady")).hasSize(1));
            assertThat(host.connections()).isEmpty();

            unsteadyDns
                    .zone("unsteady.test", exchanger(10, "mx", host.address()))
                    .start();
            arrivesOnceAt(host, "bob@unsteady.test");
            unsteadyDns.stop();

            assertThat(Dsn.about("bob@unsteady.test", james, ALICE)).isEmpty();
            nothingIsLeft(james, "unsteady");
        }

        @Test
        void aRelayHostGivenByAddressNeedsNoDns() throws Exception {
            ReceivingServer relay = host("127.0.8.1");

            james.send(ALICE, "bob@by-address.test");

            arrivesOnceAt(relay, "bob@by-address.test");
        }

        @Test
        void aRelayHostFromTheHostsFileNeedsNoDns() throws Exception {
            ReceivingServer relay = host("127.0.0.1");

            james.send(ALICE, "bob@by-name.test");

            arrivesOnceAt(relay, "bob@by-name.test");
        }

        @Test
        void theSecondRelayHostGetsTheMailWhenTheFirstIsDown() throws Exception {
            ReceivingServer second = host("127.0.8.3");

            james.send(ALICE, "bob@fail-over.test");

            arrivesOnceAt(second, "bob@fail-over.test");
            nothingIsLeft(james, "fail-over");
        }

        @Test
        void severalRelayHostsShareTheLoad() throws Exception {
            ReceivingServer one = host("127.0.8.4");
            ReceivingServer other = host("127.0.8.5");
            int mails = 40;
            try (SmtpSender smtp = james.smtp()) {
                for (int i = 0; i < mails; i++) {
                    smtp.send(ALICE, List.of(i + "@balanced.test"), TestMessage.text(ALICE, "test", "Hello.\r\n"));
                }
            }

            soon().untilAsserted(() ->
                    assertThat(one.mails().size() + other.mails().size()).isEqualTo(mails));
            nothingIsLeft(james, "balanced");
            assertThat(one.mails().size() + other.mails().size()).isEqualTo(mails);
            // Each mail chooses by chance: that one host gets fewer than five of 40 happens once in ten million times.
            assertThat(one.mails()).hasSizeBetween(5, mails - 5);
        }

        @Test
        void mailThatOutlivesTheQueueLifetimeIsReturnedWithWhatTheHostSaidLast() throws Exception { // RFC 5321 §4.5.4.1
            ReceivingServer host = host();
            host.answer(Stage.RCPT, "full@", Answer.reply("450 4.2.2 mailbox full"));
            dns.zone("expiring.test", exchanger(10, "mx", host.address()));

            james.send(ALICE, "bob@expiring.test", "full@expiring.test");

            Dsn dsn = onlyDsnAbout("full@expiring.test");
            assertThat(dsn.all("final-recipient")).containsExactly("rfc822; full@expiring.test");
            assertThat(dsn.all("status")).containsExactly("5.4.7");
            assertThat(dsn.all("diagnostic-code").get(0)).startsWith("smtp; 450 4.2.2 mailbox full");
            arrivesOnceAt(host, "bob@expiring.test");
            nothingIsLeft(james, "expiring");
        }

        @Test
        void aFailureMessageIsACompleteReport() throws Exception { // RFC 3464 §2, RFC 6522 §3, RFC 3834 §5
            ReceivingServer host = host();
            host.answer(Stage.RCPT, "nobody@", Answer.reply("550-5.1.1 no such user\n550 5.1.1 ask the postmaster"));
            host.answer(Stage.RCPT, "big@", Answer.reply("552 5.2.2 over quota"));
            dns.zone("report.test", exchanger(10, "mx", host.address()));

            james.send(ALICE, "nobody@report.test", "big@report.test", "bob@report.test");

            Dsn dsn = onlyDsnAbout("nobody@report.test");
            assertThat(dsn.message().getContentType()).contains("multipart/report", "report-type=delivery-status");
            assertThat(dsn.message().getHeader("Auto-Submitted")).containsExactly("auto-replied");
            assertThat(dsn.message().getHeader("Return-Path")).containsExactly("<>");
            assertThat(dsn.mail())
                    .containsEntry("reporting-mta", "dns; james.test")
                    .containsKey("arrival-date");
            Map<String, String> nobody = dsn.recipient("nobody@report.test").orElseThrow();
            assertThat(nobody)
                    .containsEntry("action", "failed")
                    .containsEntry("status", "5.1.1")
                    .containsEntry("remote-mta", "dns; mx.report.test")
                    .containsKey("last-attempt-date");
            assertThat(nobody.get("diagnostic-code"))
                    .startsWith("smtp; 550")
                    .contains("no such user", "ask the postmaster");
            assertThat(dsn.recipient("bob@report.test")).isEmpty();

            MimeMultipart parts = (MimeMultipart) dsn.message().getContent();
            assertThat(parts.getCount()).isEqualTo(3);
            assertThat(parts.getBodyPart(0).isMimeType("text/plain")).isTrue();
            assertThat((String) parts.getBodyPart(0).getContent()).contains("nobody@report.test", "no such user");
            assertThat(parts.getBodyPart(1).isMimeType("message/delivery-status"))
                    .isTrue();
            assertThat(parts.getBodyPart(2).isMimeType("message/rfc822")
                            || parts.getBodyPart(2).isMimeType("text/rfc822-headers"))
                    .isTrue();
            arrivesOnceAt(host, "bob@report.test");
        }
    }
}
