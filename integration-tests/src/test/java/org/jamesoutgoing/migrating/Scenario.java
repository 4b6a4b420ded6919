/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.migrating;

import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jamesoutgoing.testing.Answer;
import org.jamesoutgoing.testing.Stage;
import org.xbill.DNS.Type;

/** What is delivered by both sides, and what may differ then. */
enum Scenario {
    ACCEPTED(s -> {}),
    NOT_LISTENING(s -> s.host(1).down()),
    GREETING_450_ONCE(s -> s.saysOnce(Stage.GREETING, "450 4.3.2 later")),
    GREETING_421(s -> s.says(Stage.GREETING, "421 4.3.2 busy")),
    GREETING_554(s -> s.says(Stage.GREETING, "554 5.7.1 not you")),
    GREETING_DROPPED_ONCE(s -> s.dropsOnce(Stage.GREETING)),
    EHLO_450_ONCE(s -> s.host(1).answers(Stage.EHLO, "", Answer.reply("450 4.3.2 later"), 2)),
    EHLO_502_ONCE(s -> s.saysOnce(Stage.EHLO, "502 5.5.1 what is that")),
    EHLO_550(s -> s.says(Stage.EHLO, "550 5.7.1 not you")),
    EHLO_DROPPED_ONCE(s -> s.dropsOnce(Stage.EHLO)),
    MAIL_450_ONCE(s -> s.saysOnce(Stage.MAIL, "450 4.2.0 later")),
    MAIL_450(s -> s.says(Stage.MAIL, "450 4.2.0 later")),
    MAIL_421_ONCE(s -> s.saysOnce(Stage.MAIL, "421 4.3.2 later")),
    MAIL_421(s -> s.says(Stage.MAIL, "421 4.3.2 later")),
    MAIL_DROPPED_ONCE(s -> s.dropsOnce(Stage.MAIL)),
    MAIL_550(s -> s.says(Stage.MAIL, "550 5.7.1 not you")),
    RCPT_450_ONCE(s -> s.saysOnce(Stage.RCPT, "450 4.2.0 later")),
    RCPT_450(s -> s.says(Stage.RCPT, "450 4.2.0 later")),
    RCPT_451_ONCE(s -> s.saysOnce(Stage.RCPT, "451 4.7.1 later")),
    RCPT_451(s -> s.says(Stage.RCPT, "451 4.7.1 later")),
    RCPT_452_ONCE(s -> s.saysOnce(Stage.RCPT, "452 4.3.1 later")),
    RCPT_421_ONCE(s -> s.saysOnce(Stage.RCPT, "421 4.3.2 later")),
    RCPT_421(s -> s.says(Stage.RCPT, "421 4.3.2 later")),
    RCPT_552_ONCE(s -> s.saysOnce(Stage.RCPT, "552 5.2.2 later")),
    RCPT_DROPPED_ONCE(s -> s.dropsOnce(Stage.RCPT)),
    RCPT_550(s -> s.says(Stage.RCPT, "550 5.7.1 not you")),
    DATA_451_ONCE(s -> s.saysOnce(Stage.DATA, "451 4.3.0 later")),
    DATA_451(s -> s.says(Stage.DATA, "451 4.3.0 later")),
    DATA_421_ONCE(s -> s.saysOnce(Stage.DATA, "421 4.3.2 later")),
    DATA_421(s -> s.says(Stage.DATA, "421 4.3.2 later")),
    DATA_DROPPED_ONCE(s -> s.dropsOnce(Stage.DATA)),
    DATA_550(s -> s.says(Stage.DATA, "550 5.7.1 not you")),
    MESSAGE_451_ONCE(s -> s.saysOnce(Stage.MESSAGE, "451 4.3.0 later")),
    MESSAGE_451(s -> s.says(Stage.MESSAGE, "451 4.3.0 later")),
    MESSAGE_421_ONCE(s -> s.saysOnce(Stage.MESSAGE, "421 4.3.2 later")),
    MESSAGE_421(s -> s.says(Stage.MESSAGE, "421 4.3.2 later")),
    MESSAGE_DROPPED_ONCE(s -> s.dropsOnce(Stage.MESSAGE)),
    MESSAGE_550(s -> s.says(Stage.MESSAGE, "550 5.7.1 not you")),
    MAIL_553(s -> s.says(Stage.MAIL, "553 5.1.8 no such domain")),
    RCPT_552(s -> s.says(Stage.RCPT, "552 5.2.2 mailbox full")),
    RCPT_553(s -> s.says(Stage.RCPT, "553 5.1.3 what is that")),
    MESSAGE_554(s -> s.says(Stage.MESSAGE, "554 5.6.0 spam")),
    REPLY_OF_TWO_LINES(s -> s.says(Stage.MAIL, "550-5.7.1 not\n550 5.7.1 you")),
    RCPT_TIMES_OUT(s -> s.with("<timeout>500</timeout>").host(1).answers(Stage.RCPT, "", Answer.stall(), 1)),
    RCPT_TIMES_OUT_BY_PROPERTY(s ->
            s.with("<mail.smtp.timeout>500</mail.smtp.timeout>").host(1).answers(Stage.RCPT, "", Answer.stall(), 1)),
    TWO_ACCEPTED(s -> s.to("bob", "carol")),
    TWO_REFUSED(s -> s.to("bob", "carol").says(Stage.RCPT, "550 5.1.1 no such user")),
    TWO_REFUSED_DIFFERENTLY(s -> s.to("bob", "carol")
            .says(Stage.RCPT, "bob", "550 5.1.1 no such user")
            .says(Stage.RCPT, "carol", "553 5.7.1 not you")),
    TWO_REFUSED_AS_A_WHOLE(s -> s.to("bob", "carol").says(Stage.MESSAGE, "554 5.6.0 spam")),
    ONE_OF_TWO_REFUSED(s -> s.to("bob", "carol").says(Stage.RCPT, "bob", "550 5.1.1 no such user")),
    ONE_OF_TWO_DEFERRED_ONCE(s -> s.to("bob", "carol").saysOnce(Stage.RCPT, "bob", "450 4.2.0 later")),
    ONE_OF_TWO_DEFERRED(s -> s.to("bob", "carol").says(Stage.RCPT, "bob", "450 4.2.0 later")),
    ONE_OF_TWO_421_ONCE(s -> s.to("bob", "carol").saysOnce(Stage.RCPT, "bob", "421 4.3.2 busy")),
    ONE_OF_TWO_421(s -> s.to("bob", "carol").says(Stage.RCPT, "bob", "421 4.3.2 busy")),
    ONE_OF_TWO_421_CLOSES(s -> s.to("bob", "carol").host(1).closes(Stage.RCPT, "bob", "421 4.3.2 closing", 3)),
    ONE_OF_TWO_REFUSED_SENDPARTIAL(s -> s.to("bob", "carol")
            .with("<sendpartial>true</sendpartial>")
            .says(Stage.RCPT, "bob", "550 5.1.1 no such user")),
    ONE_OF_TWO_DEFERRED_ONCE_SENDPARTIAL(s -> s.to("bob", "carol")
            .with("<sendpartial>true</sendpartial>")
            .saysOnce(Stage.RCPT, "bob", "450 4.2.0 later")),
    ONE_OF_TWO_DEFERRED_SENDPARTIAL(s ->
            s.to("bob", "carol").with("<sendpartial>true</sendpartial>").says(Stage.RCPT, "bob", "450 4.2.0 later")),
    ONE_OF_TWO_421_ONCE_SENDPARTIAL(s ->
            s.to("bob", "carol").with("<sendpartial>true</sendpartial>").saysOnce(Stage.RCPT, "bob", "421 4.3.2 busy")),
    ONE_OF_TWO_421_SENDPARTIAL(s ->
            s.to("bob", "carol").with("<sendpartial>true</sendpartial>").says(Stage.RCPT, "bob", "421 4.3.2 busy")),
    ONE_OF_TWO_421_CLOSES_SENDPARTIAL(s -> s.to("bob", "carol")
            .with("<sendpartial>true</sendpartial>")
            .host(1)
            .closes(Stage.RCPT, "bob", "421 4.3.2 closing", 3)),
    ONE_REFUSED_ONE_DEFERRED_ONE_ACCEPTED(s -> s.to("bob", "carol", "dave")
            .with("<sendpartial>true</sendpartial>")
            .says(Stage.RCPT, "bob", "550 5.1.1 no such user")
            .says(Stage.RCPT, "carol", "450 4.2.0 later")),
    TWO_DOMAINS(s -> s.to("bob")
            .toElsewhere("carol@sub." + s.domain())
            .record("sub." + s.domain(), Type.MX, "10 mx1." + s.domain() + ".")),
    MANY_RECIPIENTS(s -> s.to(IntStream.range(0, 120).mapToObj(i -> "user" + i).toArray(String[]::new))),
    FIRST_EXCHANGER_DOWN(s -> {
        s.host(1).down();
        s.host(2);
    }),
    FIRST_EXCHANGER_GREETING_421(s -> {
        s.host(1).says(Stage.GREETING, "421 4.3.2 no");
        s.host(2);
    }),
    FIRST_EXCHANGER_GREETING_554(s -> {
        s.host(1).says(Stage.GREETING, "554 5.7.1 no");
        s.host(2);
    }),
    FIRST_EXCHANGER_EHLO_550(s -> {
        s.host(1).says(Stage.EHLO, "550 5.7.1 no");
        s.host(2);
    }),
    FIRST_EXCHANGER_MAIL_450(s -> {
        s.host(1).says(Stage.MAIL, "450 4.2.0 no");
        s.host(2);
    }),
    FIRST_EXCHANGER_RCPT_450(s -> {
        s.host(1).says(Stage.RCPT, "450 4.2.0 no");
        s.host(2);
    }),
    FIRST_EXCHANGER_DATA_451(s -> {
        s.host(1).says(Stage.DATA, "451 4.3.0 no");
        s.host(2);
    }),
    FIRST_EXCHANGER_MESSAGE_451(s -> {
        s.host(1).says(Stage.MESSAGE, "451 4.3.0 no");
        s.host(2);
    }),
    FIRST_EXCHANGER_RCPT_550(s -> {
        s.host(1).says(Stage.RCPT, "550 5.1.1 no");
        s.host(2);
    }),
    BOTH_EXCHANGERS_UP(s -> s.host(2)),
    NO_EXCHANGER_BUT_AN_ADDRESS(
            s -> s.withoutExchangers().record(s.domain(), Type.A, s.host(1).address())),
    DOMAIN_DOES_NOT_EXIST(s -> s.withoutExchangers()),
    EXCHANGER_DOES_NOT_EXIST(s -> s.withoutExchangers().record(s.domain(), Type.MX, "10 nowhere." + s.domain() + ".")),
    ONE_EXCHANGER_DOES_NOT_EXIST(s -> s.record(s.domain(), Type.MX, "5 nowhere." + s.domain() + ".")),
    NULL_MX(s -> s.withoutExchangers().record(s.domain(), Type.MX, "0 .")),
    DNS_FAILS(s -> s.dnsFails()),
    MAX_DNS_PROBLEM_RETRIES(s -> s.withoutExchangers().with("<maxDnsProblemRetries>1</maxDnsProblemRetries>")),
    EXCHANGER_WITH_A_DEAD_ADDRESS(s -> s.record(s.host(1).name(), Type.A, "127.62.1.1")),
    GATEWAY(s -> s.withoutExchangers().with("<gateway>" + s.host(1).name() + "</gateway>")),
    GATEWAY_PORT(s -> s.withoutExchangers()
            .with("<gateway>" + s.host(1).name() + "</gateway>")
            .with("<gatewayPort>2525</gatewayPort>")
            .host(1)
            .port(2525)),
    GATEWAY_WITH_PORT(s -> s.withoutExchangers()
            .with("<gateway>" + s.host(1).name() + ":2525</gateway>")
            .host(1)
            .port(2525)),
    GATEWAY_FIRST_DOWN(s -> {
        s.host(1).down();
        s.withoutExchangers()
                .with("<loadBalancing>false</loadBalancing><gateway>"
                        + s.host(1).name() + ", " + s.host(2).name() + "</gateway>");
    }),
    GATEWAYS_IN_ORDER(s -> s.withoutExchangers()
            .with("<loadBalancing>false</loadBalancing><gateway>" + s.host(1).name() + ", "
                    + s.host(2).name() + "</gateway>")),
    GATEWAYS_BALANCED_ONE_DOWN(s -> {
        s.host(1).down();
        s.withoutExchangers()
                .with("<gateway>" + s.host(1).name() + ", " + s.host(2).name() + "</gateway>");
    }),
    GATEWAY_DOES_NOT_EXIST(s -> s.withoutExchangers().with("<gateway>nowhere." + s.domain() + "</gateway>")),
    GATEWAY_REFUSES(s -> s.withoutExchangers()
            .with("<gateway>" + s.host(1).name() + "</gateway>")
            .says(Stage.RCPT, "550 5.7.1 not you")),
    GATEWAY_TWO_DOMAINS(s -> s.withoutExchangers()
            .to("bob")
            .toElsewhere("carol@sub." + s.domain())
            .with("<gateway>" + s.host(1).name() + "</gateway>")),
    GATEWAY_AUTH(s -> s.withoutExchangers()
            .with("<gateway>" + s.host(1).name() + "</gateway>")
            .with("<gatewayUsername>user</gatewayUsername><gatewayPassword>secret</gatewayPassword>")
            .host(1)
            .offers("AUTH PLAIN LOGIN")),
    GATEWAY_AUTH_535(s -> s.withoutExchangers()
            .with("<gateway>" + s.host(1).name() + "</gateway>")
            .with("<gatewayUsername>user</gatewayUsername><gatewayPassword>secret</gatewayPassword>")
            .says(Stage.AUTH, "535 5.7.8 wrong")
            .host(1)
            .offers("AUTH PLAIN LOGIN")),
    GATEWAY_AUTH_454_ONCE(s -> s.withoutExchangers()
            .with("<gateway>" + s.host(1).name() + "</gateway>")
            .with("<gatewayUsername>user</gatewayUsername><gatewayPassword>secret</gatewayPassword>")
            .saysOnce(Stage.AUTH, "454 4.7.0 later")
            .host(1)
            .offers("AUTH PLAIN LOGIN")),
    GATEWAY_AUTH_NOT_OFFERED(s -> s.withoutExchangers()
            .with("<gateway>" + s.host(1).name() + "</gateway>")
            .with("<gatewayUsername>user</gatewayUsername><gatewayPassword>secret</gatewayPassword>")),
    TLS_OFFERED(s -> s.host(1).offersTls()),
    START_TLS_FALSE(s -> s.with("<startTLS>false</startTLS>").host(1).offersTls()),
    START_TLS_NOT_OFFERED(s -> s.with("<startTLS>true</startTLS>")),
    START_TLS_TRUSTED(s -> s.with(
                    "<startTLS>true</startTLS><verifyServerIdentity>false</verifyServerIdentity><mail.smtp.ssl.trust>*</mail.smtp.ssl.trust>")
            .host(1)
            .offersTls()),
    START_TLS_UNTRUSTED(s -> s.with("<startTLS>true</startTLS>").host(1).offersTls()),
    START_TLS_454(s -> s.with("<startTLS>true</startTLS>")
            .says(Stage.STARTTLS, "454 4.7.0 later")
            .host(1)
            .offersTls()),
    START_TLS_REQUIRED_NOT_OFFERED(
            s -> s.with(
                    "<mail.smtp.starttls.enable>true</mail.smtp.starttls.enable><mail.smtp.starttls.required>true</mail.smtp.starttls.required>")),
    SSL(s -> s.with(
                    "<sslEnable>true</sslEnable><verifyServerIdentity>false</verifyServerIdentity><mail.smtps.ssl.trust>*</mail.smtps.ssl.trust>")
            .host(1)
            .port(465)
            .speaksTls()),
    SSL_NOT_THERE(s -> s.with("<sslEnable>true</sslEnable>")),
    HELO_NAME(s -> s.with("<heloName>mail.example.org</heloName>")),
    HELO_NAME_BY_PROPERTY(s -> s.with("<mail.smtp.localhost>mail.example.org</mail.smtp.localhost>")),
    BIND(s -> s.with("<bind>127.0.0.9</bind>")),
    BIND_BY_PROPERTY(s -> s.with("<mail.smtp.localaddress>127.0.0.9</mail.smtp.localaddress>")),
    DELAYS(s -> s.schedule("<delayTime>2 * 100 msec, 150 msec</delayTime>").says(Stage.MAIL, "450 4.2.0 later")),
    NO_DELAY(s ->
            s.schedule("<delayTime>0</delayTime><maxRetries>1</maxRetries>").says(Stage.MAIL, "450 4.2.0 later")),
    FEWER_RETRIES_THAN_DELAYS(s -> s.schedule("<delayTime>3 * 100 msec</delayTime><maxRetries>1</maxRetries>")
            .says(Stage.MAIL, "450 4.2.0 later")),
    WITHOUT_EFFECT(s ->
            s.with("<deliveryThreads>2</deliveryThreads><debug>true</debug><connectiontimeout>5000</connectiontimeout>"
                    + "<mail.smtp.quitwait>false</mail.smtp.quitwait>")),
    PRIORITY(s -> s.with("<usePriority>true</usePriority>").saysOnce(Stage.RCPT, "450 4.2.0 later")),
    SENDER_TOLD_OF_REFUSAL(
 s -> s.tellsSender().says(Stage.RCPT, "550 5.1.1 no such user"), Difference.FAILURE_MESSAGE),
    SENDER_TOLD_AFTER_RETRIES(s -> s.tellsSender().says(Stage.RCPT, "450 4.2.0 later")),
    SENDER_TOLD_OF_ONE_OF_TWO(
            s -> s.tellsSender().to("bob", "carol").says(Stage.RCPT, "bob", "550 5.1.1 no such user")),
    SENDER_TOLD_OF_NO_DOMAIN(s -> s.tellsSender().withoutExchangers()),
    SENDER_TOLD_BY_DSN_BOUNCE(s ->
            s.processors("<bounceProcessor>dsn-bounced</bounceProcessor>").says(Stage.RCPT, "550 5.1.1 no such user")),
    NOBODY_TOLD(s -> s.tellsSender().fromNobody().says(Stage.RCPT, "550 5.1.1 no such user")),
    NOBODY_TO_BOUNCE_PROCESSOR(s -> s.fromNobody().says(Stage.RCPT, "550 5.1.1 no such user")),
    ACCEPTED_WITHOUT_PROCESSORS(s -> s.tellsSender()),
    EIGHT_BIT(s -> s.mailParameters("BODY=8BITMIME").body("Grüße\r\n")),
    EIGHT_BIT_TO_SEVEN(
            s -> s.mailParameters("BODY=8BITMIME").body("Grüße\r\n").host(1).offers("PIPELINING")),
    SEVEN_BIT_TO_SEVEN(s -> s.host(1).offers("PIPELINING")),
    DOTS_AND_LONG_LINES(s -> s.body(".\r\n..two\r\n" + "x".repeat(990) + "\r\n \r\nlast")),
    DSN_PARAMETERS(s -> s.mailParameters("RET=HDRS ENVID=Q1234")
            .toWith("bob", "NOTIFY=FAILURE,DELAY ORCPT=rfc822;bob2@example.org")),
    DSN_PARAMETERS_TO_HOST_WITHOUT(s -> s.mailParameters("RET=HDRS ENVID=Q1234")
            .toWith("bob", "NOTIFY=FAILURE,DELAY ORCPT=rfc822;bob2@example.org")
            .host(1)
            .offers("PIPELINING", "8BITMIME")),
    DSN_NOTIFY_ONLY(s -> s.toWith("bob", "NOTIFY=SUCCESS")),
    DSN_NOTIFY_ALIKE(s -> s.toWith("bob", "NOTIFY=FAILURE").toWith("carol", "NOTIFY=FAILURE")),
    DSN_NOTIFY_DIFFERENT(s -> s.toWith("bob", "NOTIFY=FAILURE").toWith("carol", "NOTIFY=NEVER")),
    DSN_NOTIFY_NEVER_REFUSED(
            s -> s.tellsSender().toWith("bob", "NOTIFY=NEVER").says(Stage.RCPT, "550 5.1.1 no such user")),
    DSN_NOTIFY_NEVER_REFUSED_TO_PROCESSOR(
            s -> s.toWith("bob", "NOTIFY=NEVER").says(Stage.RCPT, "550 5.1.1 no such user")),
    DSN_NOTIFY_SUCCESS_TO_HOST_WITHOUT(
            s -> s.tellsSender().toWith("bob", "NOTIFY=SUCCESS").host(1).offers("PIPELINING", "8BITMIME"));

    private final Consumer<Setup> setup;
    private final Set<Difference> differences;

    Scenario(Consumer<Setup> setup, Difference... differences) {
        this.setup = setup;
        this.differences = Set.of(differences);
    }

    Setup on(Side side, int number, Zone zone) {
        Setup made = new Setup(this, number, side, zone);
        setup.accept(made);
        return made;
    }

    Set<Difference> differences() {
        return differences;
    }
}
