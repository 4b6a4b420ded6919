/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.apache.mailet.Attribute;
import org.apache.mailet.Mail;
import org.jamesoutgoing.smtp.Envelope;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The attribute {@code REQUIRETLS} (RFC 8689) is with a mail as long as the mail is with us. */
class RequireTlsAttributeTest {

    private final World world = new World();

    private static Mail mail(boolean required, String... recipients) throws Exception {
        Mail mail = World.mail("mail", "sender@here.example", recipients);
        mail.setAttribute(Attribute.convertToAttribute("REQUIRETLS", required));
        return mail;
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void itSurvivesSplittingRetriesAndARestart(boolean required) throws Exception {
        world.peers.answer((host, recipient) -> "450 4.2.1 later");
        try (World.Life process = world.process()) {
            process.admission.admit(mail(required, "a@one.example", "b@two.example"));
            process.settleDown();
        }
        world.peers.answer((host, recipient) -> "250 2.0.0 OK");
        try (World.Life process = world.process()) {
            world.clock.advance(Duration.ofMinutes(2));
            process.settleDown();
        }
        assertThat(world.peers.envelopes())
                .hasSize(4)
                .extracting(Envelope::requireTls)
                .containsOnly(required);
        assertThat(world.peers.allCopies()).isEqualTo(2);
    }

    @Test
    void aRelayIsHeldToItToo() throws Exception {
        world.route = World.relay(world.route);
        try (World.Life process = world.process()) {
            process.admission.admit(mail(true, "a@one.example", "b@two.example"));
            process.settleDown();
        }
        assertThat(world.peers.envelopes()).isNotEmpty().allMatch(Envelope::requireTls);
    }

    @Test
    void itsSenderGetsNoMoreThanTheHeadersBack() throws Exception { // RFC 8689 §5
        world.peers.answer((host, recipient) -> "550 5.7.30 REQUIRETLS support required");
        try (World.Life process = world.process()) {
            process.admission.admit(mail(true, "a@one.example"));
            process.settleDown();
        }
        assertThat(world.spool.handed().get(0).text())
                .contains("Status: 5.7.30", "An encrypted connection was required", "subject of mail")
                .doesNotContain("text of mail");
    }
}
