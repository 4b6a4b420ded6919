/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.mailets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.jamesoutgoing.mailets.Read.refused;
import static org.jamesoutgoing.mailets.Read.route;
import static org.jamesoutgoing.mailets.Read.settings;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.jamesoutgoing.routing.ResendSchedule;
import org.jamesoutgoing.routing.Route;
import org.jamesoutgoing.routing.RouteMode;
import org.jamesoutgoing.routing.RouteOptions;
import org.jamesoutgoing.service.ServiceSettings;
import org.jamesoutgoing.smtp.ConnectionSettings;
import org.jamesoutgoing.smtp.Timeouts;
import org.jamesoutgoing.smtp.TlsMode;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Migration from James's RemoteDelivery is one class name: its parameters keep their meaning. */
class RemoteDeliveryCompatibilityTest {

    /** The mailet as it stands in James 3.8.1's own sample configuration. */
    @Test
    void jamesSampleConfigurationIsUnderstood() {
        ServiceSettings settings = settings(
                "outgoingQueue", "outgoing",
                "delayTime", "5000, 100000, 500000",
                "maxRetries", "3",
                "maxDnsProblemRetries", "0",
                "deliveryThreads", "10",
                "sendpartial", "true",
                "bounceProcessor", "bounces");
        assertThat(settings.queueName()).isEqualTo("outgoing");
        assertThat(settings.bounceProcessor()).contains("bounces");
        assertThat(settings.defaultRoute().get(RouteOptions.RESEND_DELAYS).orElseThrow())
                .containsExactly(Duration.ofSeconds(5), Duration.ofSeconds(100), Duration.ofSeconds(500));
        assertThat(settings.defaultRoute().get(RouteOptions.MAX_ATTEMPTS)).contains(4);
    }

    @Test
    void everyParameterIsKnown() {
        assertThatCode(() -> settings(
                        "usePriority", "true",
                        "maxDnsProblemRetries", "3",
                        "heloName", "mail.example",
                        "mail.debug", "true",
                        "bind", "127.0.0.1",
                        "gateway", "relay.example",
                        "gatewayPort", "587",
                        "gatewayUsername", "user",
                        "gatewayPassword", "hunter2",
                        "gatewayusername", "user",
                        "sslEnable", "false",
                        "startTLS", "true",
                        "verifyServerIdentity", "false",
                        "bounceProcessor", "bounces",
                        "sendpartial", "false",
                        "timeout", "180000",
                        "connectiontimeout", "60000",
                        "outgoing", "outgoing",
                        "maxRetries", "5",
                        "delayTime", "1 hour",
                        "debug", "true",
                        "onSuccess", "sent",
                        "loadBalancing", "false",
                        "deliveryThreads", "1",
                        "sslTrustAllCerts", "true",
                        "onMailetException", "ignore"))
                .doesNotThrowAnyException();
    }

    /** Checked against {@code DelaysAndMaxRetry} of James 3.8.1. */
    @Nested
    class DelayTimeAndMaxRetries {
        @ParameterizedTest
        @CsvSource(
                nullValues = "-",
                delimiter = '|',
                value = {
                    // delayTime | maxRetries | the waits before each attempt but the first, in seconds
                    "5000 | - | 5 5 5 5 5",
                    "5000 | 3 | 5 5 5",
                    "5000 | 0 | 5",
                    "- | 3 | 21600 21600 21600",
                    "- | 0 | 21600",
                    "5000,100000,500000 | - | 5 100 500 500 500",
                    "5000,100000,500000 | 3 | 5 100 500",
                    "5000,100000,500000 | 2 | 5 100 500",
                    "5000,100000,500000 | 7 | 5 100 500 500 500 500 500",
                    "2*1 hour, 1 day | 3 | 3600 3600 86400",
                    "2 * 1 hour,1 day | 1 | 3600 3600 86400",
                    "3*10 sec | - | 10 10 10 10 10",
                    "1 min, 2 mins, 3 minutes, 4m | 4 | 60 120 180 240",
                    "1000 msec, 1000 msecs, 1000 ms | 3 | 1 1 1",
                    "1s,1h,1d,1w | 4 | 1 3600 86400 604800",
                    "1000,,2000 | 2 | 1 2",
                })
        void theyAreTheNumberOfRetriesAndTheWaitsBetween(String delayTime, String maxRetries, String seconds) {
            ResendSchedule schedule = route(
                            "delayTime", delayTime == null ? "" : delayTime,
                            "maxRetries", maxRetries == null ? "" : maxRetries)
                    .resend();
            assertThat(waits(schedule).stream().map(Duration::toSeconds).map(String::valueOf))
                    .containsExactly(seconds.split(" "));
            assertThat(schedule.jitter()).isZero();
        }

        /** What RemoteDelivery takes does not stop the start; but nothing goes round without a pause. */
        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    // delayTime | maxRetries | the waits before each attempt but the first, in milliseconds
                    "0 | 3 | 100 100 100",
                    "0 sec, 2000 | 3 | 100 2000 2000",
                    "3*0, 1 h | 4 | 100 100 100 3600000",
                    "0*5000, 1000 | 1 | 1000",
                    "1, 200 | 2 | 100 200",
                })
        void aDelayOfZeroIsTakenAndIsAShortWait(String delayTime, String maxRetries, String millis) {
            ResendSchedule schedule =
                    route("delayTime", delayTime, "maxRetries", maxRetries).resend();
            assertThat(waits(schedule).stream().map(Duration::toMillis).map(String::valueOf))
                    .containsExactly(millis.split(" "));
        }

        @Test
        void theyAloneDecideHowLongAMailIsTried() {
            assertThat(route("maxRetries", "3").queueLifetime()).isEqualTo(Duration.ofDays(365));
            assertThat(route("delayTime", "1 day").queueLifetime()).isEqualTo(Duration.ofDays(365));
            assertThat(route("maxRetries", "3", "queueLifetime", "2d").queueLifetime())
                    .isEqualTo(Duration.ofDays(2));
        }

        @Test
        void withoutThemOurDefaultsApply() {
            assertThat(route().resend()).isEqualTo(ResendSchedule.DEFAULT);
            assertThat(route("delayTime", " ").resend()).isEqualTo(ResendSchedule.DEFAULT);
        }

        @Test
        void theyDoNotStandBesideOurs() {
            for (String name : List.of("delayTime", "maxRetries")) {
                refused("resendDelays", "1m", name, "5")
                        .hasMessage("parameter 'resendDelays' stands beside 'delayTime' or 'maxRetries';"
                                + " allowed: either ours or RemoteDelivery's");
            }
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "soon",
                    "5 parsecs",
                    "-1",
                    "1*2*3",
                    "*5000",
                    "a*5000",
                    "-1*5000",
                    "0*5000",
                    "10001*5000",
                    "5000;6000",
                    ",",
                    "366 days",
                    "2147483647 years",
                    "99999999999",
                })
        void whatRemoteDeliveryWouldDropInSilenceIsRefused(String delayTime) {
            refused("delayTime", delayTime)
                    .hasMessage("parameter 'delayTime' is '" + delayTime + "'; allowed: a list of [attempts*]delay"
                            + " [unit], of up to 365 days, such as 5000, 2*1 hour, 1 day");
        }
    }

    @Nested
    class JavaMailProperties {
        @Test
        void thoseWithASettingOfTheSameMeaningAreHonoured() throws Exception {
            Route route = route(
                    "mail.smtp.port", "2525",
                    "mail.smtp.localhost", "mail.example",
                    "mail.smtp.localaddress", "192.0.2.7",
                    "mail.smtp.timeout", "60000",
                    "mail.smtp.connectiontimeout", "5000",
                    "mail.smtp.ssl.protocols", "TLSv1.2 TLSv1.3",
                    "mail.smtp.ssl.ciphersuites", "TLS_AES_128_GCM_SHA256");
            ConnectionSettings connection = route.connection();
            Timeouts timeouts = connection.timeouts();
            assertThat(route.mode()).isEqualTo(new RouteMode.Independent(2525, false));
            assertThat(connection.heloName()).isEqualTo("mail.example");
            assertThat(connection.sourceAddress()).contains(InetAddress.getByName("192.0.2.7"));
            assertThat(timeouts.connect()).isEqualTo(Duration.ofSeconds(5));
            assertThat(List.of(
                            timeouts.greeting(),
                            timeouts.helo(),
                            timeouts.mail(),
                            timeouts.rcpt(),
                            timeouts.dataInitiation(),
                            timeouts.dataBlock(),
                            timeouts.dataTermination()))
                    .containsOnly(Duration.ofMinutes(1));
            assertThat(connection.tls().protocols()).isEqualTo(Set.of("TLSv1.2", "TLSv1.3"));
            assertThat(connection.tls().ciphers()).isEqualTo(Set.of("TLS_AES_128_GCM_SHA256"));
        }

        @ParameterizedTest
        @CsvSource({
            "starttls.enable, true, OPPORTUNISTIC",
            "starttls.enable, false, NONE",
            "starttls.required, true, VERIFY",
            "starttls.required, false, OPPORTUNISTIC",
            "ssl.enable, true, IMPLICIT_VERIFY",
            "ssl.enable, false, OPPORTUNISTIC",
        })
        void thoseOfTlsAreHonoured(String key, String value, TlsMode mode) {
            assertThat(tls("mail.smtp." + key, value)).isEqualTo(mode);
            assertThat(tls("mail.smtps." + key, value)).isEqualTo(mode);
        }

        @Test
        void whetherACertificateIsCheckedIsHonoured() {
            assertThat(tls("mail.smtp.starttls.required", "true", "mail.smtp.ssl.checkserveridentity", "false"))
                    .isEqualTo(TlsMode.REQUIRED);
            assertThat(tls("mail.smtp.starttls.required", "true", "mail.smtp.ssl.trust", "*"))
                    .isEqualTo(TlsMode.REQUIRED);
            assertThat(tls("mail.smtps.ssl.enable", "true", "mail.smtps.ssl.trust", "*"))
                    .isEqualTo(TlsMode.IMPLICIT);
        }

        private TlsMode tls(String... namesAndValues) {
            return route(namesAndValues).connection().tls().mode();
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "mail.debug",
                    "mail.smtp.allow8bitmime",
                    "mail.smtp.auth",
                    "mail.smtp.auth.login.disable",
                    "mail.smtp.auth.ntlm.disable",
                    "mail.smtp.dsn.notify",
                    "mail.smtp.dsn.ret",
                    "mail.smtp.ehlo",
                    "mail.smtp.localport",
                    "mail.smtp.quitwait",
                    "mail.smtp.sendpartial",
                    "mail.smtps.userset",
                    "mail.smtp.writetimeout",
                })
        void thoseThatNobodyWouldNotificationAreIgnored(String name) {
            assertThat(route(name, "anything")).isEqualTo(route());
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "mail.smtp.host",
                    "mail.smtp.from",
                    "mail.smtp.socks.host",
                    "mail.smtp.proxy.host",
                    "mail.smtp.socketFactory.class",
                    "mail.smtp.ssl.socketFactory.class",
                    "mail.smtp.auth.mechanisms",
                    "mail.smtp.sasl.enable",
                    "mail.smtp.submitter",
                    "mail.transport.protocol",
                    "mail.imap.port",
                    "mail.port",
                    "mail.smtp.prot",
                })
        void thoseThatWouldSendMailAnotherWayAreRefused(String name) {
            refused(name, "true")
                    .hasMessage("parameter '" + name + "' is not supported; allowed: the mail.smtp.* properties that"
                            + " README.md of James Outgoing lists (Migration from RemoteDelivery)");
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "mail.smtp.port | 0 | a whole number from 1 to 65535",
                    "mail.smtp.port | 65536 | a whole number from 1 to 65535",
                    "mail.smtps.port | smtp | a whole number from 1 to 65535",
                    "mail.smtp.timeout | 0 | a number of milliseconds from 1 to 86400000",
                    "mail.smtp.timeout | 99999999999 | a number of milliseconds from 1 to 86400000",
                    "mail.smtp.connectiontimeout | 5s | a number of milliseconds from 1 to 86400000",
                    "mail.smtp.starttls.enable | yes | true or false",
                    "mail.smtp.starttls.required | 1 | true or false",
                    "mail.smtps.ssl.enable | on | true or false",
                    "mail.smtp.ssl.checkserveridentity | no | true or false",
                    "mail.smtp.ssl.trust | relay.example | *",
                    "mail.smtp.localaddress | localhost | an IPv4 or IPv6 address of this host",
                    "mail.smtp.localhost | a b | a host name",
                })
        void aBadValueIsRefusedByTheNameThatWasUsed(String name, String value, String allowed) {
            refused(name, value).hasMessage("parameter '" + name + "' is '" + value + "'; allowed: " + allowed);
        }

        @Test
        void onePropertyHasOneValueInBothProtocols() {
            assertThat(route("mail.smtp.port", "26", "mail.smtps.port", "26").mode())
                    .isEqualTo(new RouteMode.Independent(26, false));
            refused("mail.smtp.port", "25", "mail.smtps.port", "465")
                    .hasMessage("parameters 'mail.smtp.port' and 'mail.smtps.port' mean the same and have different"
                            + " values; allowed: one of them");
        }
    }

    /** What is waited for before the second, third, … and last attempt. */
    private static List<Duration> waits(ResendSchedule schedule) {
        return IntStream.range(1, schedule.maxAttempts().orElseThrow())
                .mapToObj(schedule::delayAfter)
                .toList();
    }
}
