/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.mail.internet.AddressException;
import org.apache.james.core.MailAddress;
import org.apache.james.core.MaybeSender;
import org.jamesoutgoing.queue.ListedMail;
import org.jamesoutgoing.queue.QueueState;
import org.jamesoutgoing.queue.RecordId;
import org.jamesoutgoing.settings.OptionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MailFilterTest {

    private static final Instant NOW = Instant.parse("2026-07-01T12:00:00Z");

    @Test
    void withoutAnythingEveryMailIsMeant() {
        MailFilter filter = MailFilter.of(Map.of());

        assertThat(filter).isEqualTo(MailFilter.ALL);
        assertThat(filter.isAll()).isTrue();
        assertThat(filter.matches(mail(QueueState.QUEUED, "alice@a.example", "bob@b.example"), NOW))
                .isTrue();
    }

    @Test
    void whatIsEmptyIsNotGiven() {
        assertThat(MailFilter.of(Map.of("domain", " ", "state", ""))).isEqualTo(MailFilter.ALL);
    }

    @ParameterizedTest
    @CsvSource({
        "b.example, bob@b.example, true",
        "B.Example., bob@b.example, true",
        "b.example, bob@B.EXAMPLE, true",
        "b.example, bob@sub.b.example, false",
        "b.example, bob@ab.example, false",
        "*.b.example, bob@sub.b.example, true",
        "*.b.example, bob@deep.sub.b.example, true",
        "*.b.example, bob@b.example, false",
        "*.b.example, bob@ab.example, false",
        "bücher.example, bob@xn--bcher-kva.example, true",
        "*.bücher.example, bob@a.xn--bcher-kva.example, true",
        "192.0.2.1, bob@[192.0.2.1], true",
        "[192.0.2.1], bob@[192.0.2.1], true",
    })
    void domainIsThatOfARecipientInAnySpelling(String domain, String recipient, boolean meant) {
        assertThat(meant(Map.of("domain", domain), mail(QueueState.DEFERRED, "alice@a.example", recipient)))
                .isEqualTo(meant);
    }

    @Test
    void oneOfSeveralRecipientsIsEnough() {
        ListedMail mail = mail(QueueState.QUEUED, "alice@a.example", "bob@b.example", "carol@c.example");

        assertThat(meant(Map.of("domain", "c.example"), mail)).isTrue();
        assertThat(meant(Map.of("recipient", "carol@c.example"), mail)).isTrue();
        assertThat(meant(Map.of("recipient", "bob@c.example"), mail)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "alice@a.example, alice@a.example, true",
        "Alice@A.Example, alice@a.example, true",
        "alice@a.example, Alice@A.example, true",
        "bob@a.example, alice@a.example, false",
        "<>, <>, true",
        "<>, alice@a.example, false",
        "alice@a.example, <>, false",
        "alice@bücher.example, alice@xn--bcher-kva.example, true",
    })
    void senderIsAnAddressOrTheNullSender(String wanted, String sender, boolean meant) {
        assertThat(meant(Map.of("sender", wanted), mail(QueueState.DEFERRED, sender, "bob@b.example")))
                .isEqualTo(meant);
    }

    @Test
    void ageIsCountedFromWhenTheMailWasAccepted() {
        ListedMail mail = mail(QueueState.DEFERRED, "alice@a.example", "bob@b.example");

        assertThat(meant(Map.of("olderThan", "59m"), mail)).isTrue();
        assertThat(meant(Map.of("olderThan", "1h"), mail)).isTrue();
        assertThat(meant(Map.of("olderThan", "61m"), mail)).isFalse();
    }

    @Test
    void stateIsOneOrSeveral() {
        ListedMail held = mail(QueueState.HELD, "alice@a.example", "bob@b.example");

        assertThat(meant(Map.of("state", "held"), held)).isTrue();
        assertThat(meant(Map.of("state", "deferred,HELD"), held)).isTrue();
        assertThat(meant(Map.of("state", "deferred, active"), held)).isFalse();
    }

    @Test
    void reasonIsAPartOfItInWhateverCase() {
        ListedMail mail = mail(QueueState.DEFERRED, "alice@a.example", "bob@b.example");

        assertThat(meant(Map.of("reason", "connection REFUSED"), mail)).isTrue();
        assertThat(meant(Map.of("reason", "greylisted"), mail)).isFalse();
    }

    @Test
    void everythingThatIsGivenMustBeTrue() {
        ListedMail mail = mail(QueueState.DEFERRED, "alice@a.example", "bob@b.example");

        assertThat(meant(Map.of("domain", "b.example", "sender", "alice@a.example"), mail))
                .isTrue();
        assertThat(meant(Map.of("domain", "b.example", "sender", "carol@a.example"), mail))
                .isFalse();
    }

    @Test
    void whatIsReadIsWrittenSoThatItIsReadAgain() {
        Map<String, String> texts = Map.of(
                "domain", "*.BÜCHER.example",
                "sender", "<>",
                "recipient", "Bob@B.example",
                "olderThan", "2h",
                "state", "held,deferred",
                "reason", "Greylisted");

        MailFilter filter = MailFilter.of(texts);

        assertThat(filter)
                .isEqualTo(new MailFilter(
                        Optional.of("*.xn--bcher-kva.example"),
                        Optional.of("<>"),
                        Optional.of("bob@b.example"),
                        Optional.of(Duration.ofHours(2)),
                        Set.of(QueueState.HELD, QueueState.DEFERRED),
                        Optional.of("Greylisted")));
        assertThat(MailFilter.of(filter.texts())).isEqualTo(filter);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "domain|not a domain|'domain' is 'not a domain'; allowed: a domain, an IPv4 address, or *.domain for all its subdomains",
                "domain|*|'domain' is '*'; allowed: a domain, an IPv4 address, or *.domain for all its subdomains",
                "sender|alice|'sender' is 'alice'; allowed: an address such as bob@example.com, or <> for the null sender",
                "recipient|<>|'recipient' is '<>'; allowed: an address such as bob@example.com",
                "recipient|@b.example|'recipient' is '@b.example'; allowed: an address such as bob@example.com",
                "olderThan|-1h|'olderThan' is '-1h'; allowed: a time with its unit from 0ms to 3650d, such as 30s, 5m, 2h or 5d",
                "olderThan|5|'olderThan' is '5'; allowed: a time with its unit from 0ms to 3650d, such as 30s, 5m, 2h or 5d",
                "state|waiting|'state' is 'waiting'; allowed: one or more of queued, active, deferred, held, overflow",
            })
    void aValueThatCannotBeSaysWhatIsAllowed(String name, String value, String message) {
        assertThatThrownBy(() -> MailFilter.of(Map.of(name, value)))
                .isInstanceOfSatisfying(
                        OptionException.class, e -> assertThat(e.option()).isEqualTo(name))
                .hasMessage(message);
    }

    @Test
    void aReasonIsNotLongerThanReasonsAre() {
        assertThatThrownBy(() -> MailFilter.of(Map.of("reason", "x".repeat(201))))
                .isInstanceOf(OptionException.class)
                .hasMessageEndingWith("allowed: a part of the reason, of 200 characters at most");
    }

    @Test
    void anUnknownFilterIsToldWithTheNearestName() {
        assertThatThrownBy(() -> MailFilter.of(Map.of("domian", "b.example")))
                .isInstanceOf(OptionException.class)
                .hasMessage("'domian' is no filter; did you mean 'domain'?"
                        + " allowed: domain, sender, recipient, olderThan, state, reason");
    }

    @ParameterizedTest
    @ValueSource(strings = {"colour", "x\r\ny"})
    void anUnknownFilterIsToldInOneLine(String name) {
        assertThatThrownBy(() -> MailFilter.of(Map.of(name, "blue")))
                .isInstanceOf(OptionException.class)
                .hasMessage("'" + name.replace("\r\n", " ")
                        + "' is no filter; allowed: domain, sender, recipient, olderThan, state, reason");
    }

    private static boolean meant(Map<String, String> texts, ListedMail mail) {
        return MailFilter.of(texts).matches(mail, NOW);
    }

    private static ListedMail mail(QueueState state, String sender, String... recipients) {
        List<MailAddress> addresses =
                Arrays.stream(recipients).map(MailFilterTest::address).toList();
        return new ListedMail(
                new RecordId("id", 1),
                "name",
                "",
                NOW,
                NOW.minus(Duration.ofHours(1)),
                Optional.empty(),
                sender.equals("<>") ? MaybeSender.nullSender() : MaybeSender.of(address(sender)),
                addresses,
                1000,
                5,
                "mx.b.example: Connection refused",
                Optional.empty(),
                state);
    }

    private static MailAddress address(String text) {
        try {
            return new MailAddress(text);
        } catch (AddressException e) {
            throw new IllegalArgumentException(text, e);
        }
    }
}
