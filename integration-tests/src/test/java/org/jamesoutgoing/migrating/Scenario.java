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
    NOT_LISTENING(s -> s.host(1).down(), Difference.RETRIES_USED_UP),
    GREETING_450_ONCE(s -> s.saysOnce(Stage.GREETING, "450 4.3.2 later")),
    GREETING_421(s -> s.says(Stage.GREETING, "421 4.3.2 busy"), Difference.RETRIES_USED_UP),
    GREETING_554(s -> s.says(Stage.GREETING, "554 5.7.1 not you"), Difference.RETRIES_USED_UP),
    GREETING_DROPPED_ONCE(s -> s.dropsOnce(Stage.GREETING)),
    EHLO_450_ONCE(s -> s.host(1).answers(Stage.EHLO, "", Answer.reply("450 4.3.2 later"), 2), Difference.REFUSED_EHLO),
    EHLO_502_ONCE(s -> s.saysOnce(Stage.EHLO, "502 5.5.1 what is that"), Difference.CONVERTED_ONLY_IF_NEEDED),
    EHLO_550(s -> s.says(Stage.EHLO, "550 5.7.1 not you"), Difference.REFUSED_EHLO),
    EHLO_DROPPED_ONCE(s -> s.dropsOnce(Stage.EHLO)),
    MAIL_450_ONCE(s -> s.saysOnce(Stage.MAIL, "450 4.2.0 later")),
    MAIL_450(s -> s.says(Stage.MAIL, "450 4.2.0 later"), Difference.RETRIES_USED_UP),
    MAIL_421_ONCE(s -> s.saysOnce(Stage.MAIL, "421 4.3.2 later")),
    MAIL_421(s -> s.says(Stage.MAIL, "421 4.3.2 later"), Difference.RETRIES_USED_UP),
    MAIL_DROPPED_ONCE(s -> s.dropsOnce(Stage.MAIL)),
    MAIL_550(s -> s.says(Stage.MAIL, "550 5.7.1 not you")),
    RCPT_450_ONCE(s -> s.saysOnce(Stage.RCPT, "450 4.2.0 later")),
    RCPT_450(s -> s.says(Stage.RCPT, "450 4.2.0 later"), Difference.RETRIES_USED_UP),
    RCPT_451_ONCE(s -> s.saysOnce(Stage.RCPT, "451 4.7.1 later")),
    RCPT_451(s -> s.says(Stage.RCPT, "451 4.7.1 later"), Difference.RETRIES_USED_UP),
    RCPT_452_ONCE(s -> s.saysOnce(Stage.RCPT, "452 4.3.1 later")),
    RCPT_421_ONCE(s -> s.saysOnce(Stage.RCPT, "421 4.3.2 later")),
    RCPT_421(s -> s.says(Stage.RCPT, "421 4.3.2 later"), Difference.RETRIES_USED_UP),
    RCPT_552_ONCE(s -> s.saysOnce(Stage.RCPT, "552 5.2.2 later"), Difference.FINAL_552),
    RCPT_DROPPED_ONCE(s -> s.dropsOnce(Stage.RCPT)),
    RCPT_550(s -> s.says(Stage.RCPT, "550 5.7.1 not you"), Difference.CODE_AT_RCPT),
    DATA_451_ONCE(s -> s.saysOnce(Stage.DATA, "451 4.3.0 later")),
    DATA_451(s -> s.says(Stage.DATA, "451 4.3.0 later"), Difference.RETRIES_USED_UP),
    DATA_421_ONCE(s -> s.saysOnce(Stage.DATA, "421 4.3.2 later")),
    DATA_421(s -> s.says(Stage.DATA, "421 4.3.2 later"), Difference.RETRIES_USED_UP),
    DATA_DROPPED_ONCE(s -> s.dropsOnce(Stage.DATA)),
    DATA_550(s -> s.says(Stage.DATA, "550 5.7.1 not you")),
    MESSAGE_451_ONCE(s -> s.saysOnce(Stage.MESSAGE, "451 4.3.0 later")),
    MESSAGE_451(s -> s.says(Stage.MESSAGE, "451 4.3.0 later"), Difference.RETRIES_USED_UP),
    MESSAGE_421_ONCE(s -> s.saysOnce(Stage.MESSAGE, "421 4.3.2 later")),
    MESSAGE_421(s -> s.says(Stage.MESSAGE, "421 4.3.2 later"), Difference.RETRIES_USED_UP),
    MESSAGE_DROPPED_ONCE(s -> s.dropsOnce(Stage.MESSAGE)),
    MESSAGE_550(s -> s.says(Stage.MESSAGE, "550 5.7.1 not you")),
    MAIL_553(s -> s.says(Stage.MAIL, "553 5.1.8 no such domain")),
    RCPT_552(s -> s.says(Stage.RCPT, "552 5.2.2 mailbox full"), Difference.FINAL_552),
    RCPT_553(s -> s.says(Stage.RCPT, "553 5.1.3 what is that"), Difference.CODE_AT_RCPT),
    MESSAGE_554(s -> s.says(Stage.MESSAGE, "554 5.6.0 spam")),
    REPLY_OF_TWO_LINES(s -> s.says(Stage.MAIL, "550-5.7.1 not\n550 5.7.1 you"), Difference.LINES_OF_A_REPLY),
    RCPT_TIMES_OUT(s -> s.with("<timeout>500</timeout>").host(1).answers(Stage.RCPT, "", Answer.stall(), 1)),
    RCPT_TIMES_OUT_BY_PROPERTY(s ->
            s.with("<mail.smtp.timeout>500</mail.smtp.timeout>").host(1).answers(Stage.RCPT, "", Answer.stall(), 1)),
    TWO_ACCEPTED(s -> s.to("bob", "carol")),
    TWO_REFUSED(s -> s.to("bob", "carol").says(Stage.RCPT, "550 5.1.1 no such user"), Difference.CODE_AT_RCPT),
    TWO_REFUSED_DIFFERENTLY(
            s -> s.to("bob", "carol")
                    .says(Stage.RCPT, "bob", "550 5.1.1 no such user")
                    .says(Stage.RCPT, "carol", "553 5.7.1 not you"),
            Difference.CODE_AT_RCPT,
            Difference.ONE_MAIL_FOR_EACH_REASON),
    TWO_REFUSED_AS_A_WHOLE(s -> s.to("bob", "carol").says(Stage.MESSAGE, "554 5.6.0 spam")),
    ONE_OF_TWO_REFUSED(
            s -> s.to("bob", "carol").says(Stage.RCPT, "bob", "550 5.1.1 no such user"),
            Difference.CODE_AT_RCPT,
            Difference.PERMANENT_FROM_THE_FIRST,
            Difference.PARTIAL_AT_ONCE),
    ONE_OF_TWO_DEFERRED_ONCE(
            s -> s.to("bob", "carol").saysOnce(Stage.RCPT, "bob", "450 4.2.0 later"), Difference.PARTIAL_AT_ONCE),
    ONE_OF_TWO_DEFERRED(
            s -> s.to("bob", "carol").says(Stage.RCPT, "bob", "450 4.2.0 later"), Difference.PARTIAL_NOT_LOST),
    ONE_OF_TWO_421_ONCE(
            s -> s.to("bob", "carol").saysOnce(Stage.RCPT, "bob", "421 4.3.2 busy"),
            Difference.CLOSING_AT_ONE_RECIPIENT),
    ONE_OF_TWO_421(s -> s.to("bob", "carol").says(Stage.RCPT, "bob", "421 4.3.2 busy"), Difference.PARTIAL_NOT_LOST),
    ONE_OF_TWO_421_CLOSES(
            s -> s.to("bob", "carol").host(1).closes(Stage.RCPT, "bob", "421 4.3.2 closing", 3),
            Difference.PARTIAL_NOT_LOST),
    ONE_OF_TWO_REFUSED_SENDPARTIAL(
            s -> s.to("bob", "carol")
                    .with("<sendpartial>true</sendpartial>")
                    .says(Stage.RCPT, "bob", "550 5.1.1 no such user"),
            Difference.CODE_AT_RCPT,
            Difference.SUCCESS_BESIDE_REFUSAL),
    ONE_OF_TWO_DEFERRED_ONCE_SENDPARTIAL(s -> s.to("bob", "carol")
            .with("<sendpartial>true</sendpartial>")
            .saysOnce(Stage.RCPT, "bob", "450 4.2.0 later")),
    ONE_OF_TWO_DEFERRED_SENDPARTIAL(
            s -> s.to("bob", "carol")
                    .with("<sendpartial>true</sendpartial>")
                    .says(Stage.RCPT, "bob", "450 4.2.0 later"),
            Difference.RETRIES_USED_UP),
    ONE_OF_TWO_421_ONCE_SENDPARTIAL(
            s -> s.to("bob", "carol")
                    .with("<sendpartial>true</sendpartial>")
                    .saysOnce(Stage.RCPT, "bob", "421 4.3.2 busy"),
            Difference.CLOSING_AT_ONE_RECIPIENT),
    ONE_OF_TWO_421_SENDPARTIAL(
            s -> s.to("bob", "carol").with("<sendpartial>true</sendpartial>").says(Stage.RCPT, "bob", "421 4.3.2 busy"),
            Difference.CLOSING_AT_ONE_RECIPIENT,
            Difference.RETRIES_USED_UP),
    ONE_OF_TWO_421_CLOSES_SENDPARTIAL(
            s -> s.to("bob", "carol")
                    .with("<sendpartial>true</sendpartial>")
                    .host(1)
                    .closes(Stage.RCPT, "bob", "421 4.3.2 closing", 3),
            Difference.CLOSED_AT_ONE_RECIPIENT),
    ONE_REFUSED_ONE_DEFERRED_ONE_ACCEPTED(
            s -> s.to("bob", "carol", "dave")
                    .with("<sendpartial>true</sendpartial>")
                    .says(Stage.RCPT, "bob", "550 5.1.1 no such user")
                    .says(Stage.RCPT, "carol", "450 4.2.0 later"),
            Difference.CODE_AT_RCPT,
            Difference.ONE_MAIL_FOR_EACH_REASON,
            Difference.PERMANENT_FROM_THE_FIRST,
            Difference.RETRIES_USED_UP),
    TWO_DOMAINS(s -> s.to("bob")
            .toElsewhere("carol@sub." + s.domain())
            .record("sub." + s.domain(), Type.MX, "10 mx1." + s.domain() + ".")),
    MANY_RECIPIENTS(
            s -> s.to(IntStream.range(0, 120).mapToObj(i -> "user" + i).toArray(String[]::new)),
            Difference.HUNDRED_RECIPIENTS),
    FIRST_EXCHANGER_DOWN(s -> {
        s.host(1).down();
        s.host(2);
    }),
    FIRST_EXCHANGER_GREETING_421(
            s -> {
                s.host(1).says(Stage.GREETING, "421 4.3.2 no");
                s.host(2);
            },
            Difference.NEXT_EXCHANGER),
    FIRST_EXCHANGER_GREETING_554(
            s -> {
                s.host(1).says(Stage.GREETING, "554 5.7.1 no");
                s.host(2);
            },
            Difference.NEXT_EXCHANGER),
    FIRST_EXCHANGER_EHLO_550(
            s -> {
                s.host(1).says(Stage.EHLO, "550 5.7.1 no");
                s.host(2);
            },
            Difference.NEXT_EXCHANGER),
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
    FIRST_EXCHANGER_RCPT_550(
            s -> {
                s.host(1).says(Stage.RCPT, "550 5.1.1 no");
                s.host(2);
            },
            Difference.CODE_AT_RCPT),
    BOTH_EXCHANGERS_UP(s -> s.host(2)),
    NO_EXCHANGER_BUT_AN_ADDRESS(
            s -> s.withoutExchangers().record(s.domain(), Type.A, s.host(1).address())),
    DOMAIN_DOES_NOT_EXIST(s -> s.withoutExchangers(), Difference.NO_DNS_ENTRIES),
    EXCHANGER_DOES_NOT_EXIST(
            s -> s.withoutExchangers().record(s.domain(), Type.MX, "10 nowhere." + s.domain() + "."),
            Difference.NAME_THAT_DOES_NOT_EXIST),
    ONE_EXCHANGER_DOES_NOT_EXIST(s -> s.record(s.domain(), Type.MX, "5 nowhere." + s.domain() + ".")),
    NULL_MX(s -> s.withoutExchangers().record(s.domain(), Type.MX, "0 ."), Difference.NO_DNS_ENTRIES),
    DNS_FAILS(s -> s.dnsFails(), Difference.RETRIES_USED_UP),
    MAX_DNS_PROBLEM_RETRIES(
            s -> s.withoutExchangers().with("<maxDnsProblemRetries>1</maxDnsProblemRetries>"),
            Difference.NO_DNS_ENTRIES),
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
    GATEWAY_DOES_NOT_EXIST(
            s -> s.withoutExchangers().with("<gateway>nowhere." + s.domain() + "</gateway>"),
            Difference.NAME_THAT_DOES_NOT_EXIST),
    GATEWAY_REFUSES(
            s -> s.withoutExchangers()
                    .with("<gateway>" + s.host(1).name() + "</gateway>")
                    .says(Stage.RCPT, "550 5.7.1 not you"),
            Difference.CODE_AT_RCPT),
    GATEWAY_TWO_DOMAINS(s -> s.withoutExchangers()
            .to("bob")
            .toElsewhere("carol@sub." + s.domain())
            .with("<gateway>" + s.host(1).name() + "</gateway>")),
    GATEWAY_AUTH(s -> s.viaGateway()
            .with(Setup.PASSWORD + Setup.TRUSTED_TLS)
            .host(1)
            .offersTls()
            .offers("AUTH PLAIN LOGIN", "8BITMIME")),
    GATEWAY_AUTH_535(
            s -> s.viaGateway()
                    .with(Setup.PASSWORD + Setup.TRUSTED_TLS)
                    .says(Stage.AUTH, "535 5.7.8 wrong")
                    .host(1)
                    .offersTls()
                    .offers("AUTH PLAIN LOGIN", "8BITMIME"),
            Difference.REFUSED_PASSWORD),
    GATEWAY_AUTH_454_ONCE(s -> s.viaGateway()
            .with(Setup.PASSWORD + Setup.TRUSTED_TLS)
            .saysOnce(Stage.AUTH, "454 4.7.0 later")
            .host(1)
            .offersTls()
            .offers("AUTH PLAIN LOGIN", "8BITMIME")),
    GATEWAY_AUTH_NOT_OFFERED(
            s -> s.viaGateway().with(Setup.PASSWORD + Setup.TRUSTED_TLS).host(1).offersTls(),
            Difference.AUTH_NOT_OFFERED),
    GATEWAY_AUTH_IN_PLAINTEXT(
            s -> s.viaGateway().with(Setup.PASSWORD).host(1).offers("AUTH PLAIN LOGIN", "8BITMIME"),
            Difference.NO_PASSWORD_IN_PLAINTEXT),
    TLS_OFFERED(s -> s.host(1).offersTls(), Difference.TLS_WHERE_OFFERED),
    START_TLS_FALSE(s -> s.with("<startTLS>false</startTLS>").host(1).offersTls()),
    START_TLS_NOT_OFFERED(s -> s.viaGateway().with("<startTLS>true</startTLS>")),
    START_TLS_TRUSTED(s -> s.viaGateway().with(Setup.TRUSTED_TLS).host(1).offersTls()),
    START_TLS_UNTRUSTED(
            s -> s.viaGateway().with("<startTLS>true</startTLS>").host(1).offersTls(),
            Difference.START_TLS_IS_OPPORTUNISTIC),
    START_TLS_454(
            s -> s.viaGateway()
                    .with(Setup.TRUSTED_TLS)
                    .says(Stage.STARTTLS, "454 4.7.0 later")
                    .host(1)
                    .offersTls(),
            Difference.START_TLS_IS_OPPORTUNISTIC),
    START_TLS_554(
            s -> s.viaGateway()
                    .with(Setup.TRUSTED_TLS)
                    .says(Stage.STARTTLS, "554 5.7.0 never")
                    .host(1)
                    .offersTls(),
            Difference.START_TLS_IS_OPPORTUNISTIC),
    START_TLS_REQUIRED_NOT_OFFERED(
            s -> s.viaGateway()
                    .with("<mail.smtp.starttls.enable>true</mail.smtp.starttls.enable>"
                            + "<mail.smtp.starttls.required>true</mail.smtp.starttls.required>"),
            Difference.RETRIES_USED_UP),
    SSL(
            s -> s.viaGateway()
                    .with("<sslEnable>true</sslEnable><verifyServerIdentity>false</verifyServerIdentity>"
                            + "<mail.smtps.ssl.trust>*</mail.smtps.ssl.trust>")
                    .host(1)
                    .port(465)
                    .speaksTls(),
            Difference.CONVERTED_ONLY_IF_NEEDED),
    SSL_UNTRUSTED(
            s -> s.viaGateway()
                    .with("<sslEnable>true</sslEnable>")
                    .host(1)
                    .port(465)
                    .speaksTls(),
            Difference.RETRIES_USED_UP),
    SSL_NOT_THERE(s -> s.viaGateway().with("<sslEnable>true</sslEnable>"), Difference.NO_PLAINTEXT_FOR_SSL),
    HELO_NAME(s -> s.with("<heloName>mail.example.org</heloName>")),
    HELO_NAME_BY_PROPERTY(s -> s.with("<mail.smtp.localhost>mail.example.org</mail.smtp.localhost>")),
    BIND(s -> s.with("<bind>127.0.0.9</bind>")),
    BIND_BY_PROPERTY(s -> s.with("<mail.smtp.localaddress>127.0.0.9</mail.smtp.localaddress>")),
    DELAYS(
            s -> s.schedule("<delayTime>2 * 100 msec, 150 msec</delayTime>").says(Stage.MAIL, "450 4.2.0 later"),
            Difference.RETRIES_USED_UP),
    NO_DELAY(
            s -> s.schedule("<delayTime>0</delayTime><maxRetries>1</maxRetries>")
                    .says(Stage.MAIL, "450 4.2.0 later"),
            Difference.RETRIES_USED_UP),
    FEWER_RETRIES_THAN_DELAYS(
            s -> s.schedule("<delayTime>3 * 100 msec</delayTime><maxRetries>1</maxRetries>")
                    .says(Stage.MAIL, "450 4.2.0 later"),
            Difference.RETRIES_USED_UP),
    WITHOUT_EFFECT(s ->
            s.with("<deliveryThreads>2</deliveryThreads><debug>true</debug><connectiontimeout>5000</connectiontimeout>"
                    + "<mail.smtp.quitwait>false</mail.smtp.quitwait>")),
    PRIORITY(s -> s.with("<usePriority>true</usePriority>").saysOnce(Stage.RCPT, "450 4.2.0 later")),
    SENDER_TOLD_OF_REFUSAL(s -> s.tellsSender().says(Stage.RCPT, "550 5.1.1 no such user"), Difference.FAILURE_MESSAGE),
    SENDER_TOLD_AFTER_RETRIES(s -> s.tellsSender().says(Stage.RCPT, "450 4.2.0 later"), Difference.FAILURE_MESSAGE),
    SENDER_TOLD_OF_ONE_OF_TWO(
            s -> s.tellsSender().to("bob", "carol").says(Stage.RCPT, "bob", "550 5.1.1 no such user"),
            Difference.FAILURE_MESSAGE,
            Difference.PARTIAL_AT_ONCE),
    SENDER_TOLD_OF_NO_DOMAIN(s -> s.tellsSender().withoutExchangers(), Difference.FAILURE_MESSAGE),
    SENDER_TOLD_BY_DSN_BOUNCE(s ->
            s.processors("<bounceProcessor>dsn-bounced</bounceProcessor>").says(Stage.RCPT, "550 5.1.1 no such user")),
    NOBODY_TOLD(s -> s.tellsSender().fromNobody().says(Stage.RCPT, "550 5.1.1 no such user")),
    NOBODY_TO_BOUNCE_PROCESSOR(s -> s.fromNobody().says(Stage.RCPT, "550 5.1.1 no such user")),
    ACCEPTED_WITHOUT_PROCESSORS(s -> s.tellsSender()),
    EIGHT_BIT(s -> s.mailParameters("BODY=8BITMIME").body("Grüße\r\n"), Difference.EIGHT_BIT_MIME),
    EIGHT_BIT_TO_SEVEN(
            s -> s.mailParameters("BODY=8BITMIME").body("Grüße\r\n").host(1).offers("PIPELINING"),
            Difference.CONVERTED_ONLY_IF_NEEDED),
    SEVEN_BIT_TO_SEVEN(s -> s.host(1).offers("PIPELINING"), Difference.CONVERTED_ONLY_IF_NEEDED),
    DOTS_AND_LONG_LINES(s -> s.body(".\r\n..two\r\n" + "x".repeat(990) + "\r\n \r\nlast")),
    DSN_PARAMETERS(
            s -> s.mailParameters("RET=HDRS ENVID=Q1234")
                    .toWith("bob", "NOTIFY=FAILURE,DELAY ORCPT=rfc822;bob2@example.org"),
            Difference.ORCPT),
    DSN_PARAMETERS_TO_HOST_WITHOUT(s -> s.mailParameters("RET=HDRS ENVID=Q1234")
            .toWith("bob", "NOTIFY=FAILURE,DELAY ORCPT=rfc822;bob2@example.org")
            .host(1)
            .offers("PIPELINING", "8BITMIME")),
    DSN_NOTIFY_ONLY(s -> s.toWith("bob", "NOTIFY=SUCCESS")),
    DSN_NOTIFY_ALIKE(s -> s.toWith("bob", "NOTIFY=FAILURE").toWith("carol", "NOTIFY=FAILURE")),
    DSN_NOTIFY_DIFFERENT(s -> s.toWith("bob", "NOTIFY=FAILURE").toWith("carol", "NOTIFY=NEVER"), Difference.ONE_COPY),
    DSN_NOTIFY_NEVER_REFUSED(
            s -> s.tellsSender().toWith("bob", "NOTIFY=NEVER").says(Stage.RCPT, "550 5.1.1 no such user"),
            Difference.NOTIFY_NEVER),
    DSN_NOTIFY_NEVER_REFUSED_TO_PROCESSOR(
            s -> s.toWith("bob", "NOTIFY=NEVER").says(Stage.RCPT, "550 5.1.1 no such user"), Difference.CODE_AT_RCPT),
    DSN_NOTIFY_SUCCESS_TO_HOST_WITHOUT(
            s -> s.tellsSender().toWith("bob", "NOTIFY=SUCCESS").host(1).offers("PIPELINING", "8BITMIME"),
            Difference.NOTIFY_SUCCESS);

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
