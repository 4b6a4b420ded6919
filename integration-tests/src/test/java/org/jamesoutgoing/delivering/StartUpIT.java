/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.delivering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.jamesoutgoing.delivering.Soon.soon;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.stream.Stream;
import org.jamesoutgoing.testing.Answer;
import org.jamesoutgoing.testing.JamesProcess;
import org.jamesoutgoing.testing.JamesServer;
import org.jamesoutgoing.testing.JamesSetup;
import org.jamesoutgoing.testing.ReceivingServer;
import org.jamesoutgoing.testing.Stage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

/** A wrong parameter stops James's start with one clear line, and no line ever shows a password. */
class StartUpIT {

    private static final String PASSWORD = "hunter2-secret";
    private static final String CREDENTIALS =
            "<gatewayUsername>james</gatewayUsername><gatewayPassword>" + PASSWORD + "</gatewayPassword>";
    private static final String RELAY = "<relayHosts>127.0.0.1:25</relayHosts>";

    private final JamesLog log = new JamesLog();

    @BeforeEach
    void listen() {
        log.listen();
    }

    @AfterEach
    void stopListening() {
        log.stopListening();
    }

    static Stream<Arguments> wrong() {
        return Stream.of(
                Arguments.of(
                        "<resendDelay>5m</resendDelay>",
                        "unknown parameter 'resendDelay'; did you mean 'resendDelays'?"),
                Arguments.of("<qeueuLifetime>5d</qeueuLifetime>", "did you mean 'queueLifetime'?"),
                Arguments.of(
                        "<port>smtp</port>", "parameter 'port' is 'smtp'; allowed: a whole number from 1 to 65535"),
                Arguments.of("<queueLifetime>5</queueLifetime>", "parameter 'queueLifetime' is '5'; allowed: a time"),
                Arguments.of(
                        "<resendDelays>1m,soon</resendDelays>",
                        "parameter 'resendDelays' is '1m,soon'; allowed: times with their units"),
                Arguments.of("<usePriority>maybe</usePriority>", "'usePriority' is 'maybe'; allowed: true or false"),
                Arguments.of("<tls>sometimes</tls>", "parameter 'tls' is 'sometimes'; allowed: none, opportunistic"),
                Arguments.of("<maxActiveSize>much</maxActiveSize>", "'maxActiveSize' is 'much'; allowed: a size"),
                Arguments.of(
                        "<relayHosts>a:b:c</relayHosts>", "parameter 'relayHosts' is 'a:b:c'; allowed: one or more"),
                Arguments.of("<dnsServers>1.2.3.4:x</dnsServers>", "parameter 'dnsServers' is '1.2.3.4:x'; allowed:"),
                Arguments.of(
                        "<sourceAddress>here</sourceAddress>", "'sourceAddress' is 'here'; allowed: an IPv4 or IPv6"),
                Arguments.of(
                        "<waitingRepository>ftp://var/mail/waiting</waitingRepository>",
                        "'ftp://var/mail/waiting' cannot be opened"),
                Arguments.of("<waitingRepository>waiting</waitingRepository>", "'waiting'"),
                Arguments.of(
                        RELAY + "<gatewayUsername>james</gatewayUsername>"
                                + "<gatewayPassword>file:/nowhere/password</gatewayPassword>",
                        "parameter 'gatewayPassword' cannot be had: the file /nowhere/password cannot be read; allowed: "),
                Arguments.of(
                        RELAY + "<gatewayUsername>james</gatewayUsername>"
                                + "<gatewayPassword>${env:NO_SUCH_VARIABLE}</gatewayPassword>",
                        "parameter 'gatewayPassword' cannot be had: the environment variable NO_SUCH_VARIABLE is not set; allowed: "),
                Arguments.of(
                        RELAY + "<gatewayPassword>" + PASSWORD + "</gatewayPassword>",
                        "parameter 'gatewayUsername' is missing; allowed: together with 'gatewayPassword'"),
                Arguments.of(CREDENTIALS, "parameter 'gatewayUsername' is given without"),
                Arguments.of(
                        RELAY + CREDENTIALS + "<gatewayPasword>" + PASSWORD + "</gatewayPasword>",
                        "unknown parameter 'gatewayPasword'; did you mean 'gatewayPassword'?"));
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void aWrongParameterStopsTheStartWithOneLineThatSaysWhatIsAllowed(String parameters, String line) {
        Throwable thrown = startFails(JamesSetup.james().outgoing(parameters));

        assertThat(JamesLog.causes(thrown)).as("the exception").anyMatch(message -> message.contains(line));
        assertThat(log.lines().stream().filter(each -> each.contains(line)).toList())
                .as("lines of the log")
                .hasSize(1)
                .allSatisfy(each -> assertThat(each)
                        .startsWith("OutgoingDelivery: ")
                        .doesNotContain("\n")
                        .matches(".*(allowed: .+|did you mean '\\w+'\\?)"));
        assertNoPassword();
    }

    @Test
    void twoMailetsOfOneQueueMustHaveTheSameParameters() {
        Throwable thrown = startFails(JamesSetup.james()
                .outgoing(RELAY + CREDENTIALS)
                .change(
                        "mailetcontainer.xml",
                        text -> text.replace(
                                "<processor state=\"relay\" enableJmx=\"true\">",
                                "<processor state=\"relay\" enableJmx=\"true\"><mailet match=\"HostIs=other.test\""
                                        + " class=\""
                                        + JamesSetup.MAILET + "\">" + RELAY
                                        + CREDENTIALS.replace(PASSWORD, PASSWORD + "2")
                                        + "<queueLifetime>2d</queueLifetime></mailet>")));

        String line = "two OutgoingDelivery mailets share the queue 'outgoing'"
                + " and differ in [gatewayPassword, queueLifetime]; allowed: ";
        assertThat(JamesLog.causes(thrown)).anyMatch(message -> message.contains(line));
        assertThat(log.lines().stream().filter(each -> each.contains(line)).toList())
                .hasSize(1);
        assertNoPassword();
    }

    @Test
    void theProcessEndsAndItsLogNamesTheParameter() throws Exception {
        JamesSetup setup = JamesSetup.james().outgoing(RELAY + CREDENTIALS + "<port>smtp</port>");
        try (JamesProcess james = JamesProcess.prepare(setup)) {
            assertThat(catchThrowable(james::start)).isInstanceOf(IOException.class);

            assertThat(james.running()).isFalse();
            String output = james.log() + james.console();
            assertThat(output)
                    .contains("parameter 'port' is 'smtp'; allowed: a whole number from 1 to 65535")
                    .doesNotContain(PASSWORD);
        }
    }

    @Test
    void noLineShowsThePasswordThatIsUsed() throws Exception {
        Level before = JamesLog.root().getLevel();
        Logger ours = (Logger) LoggerFactory.getLogger("org.jamesoutgoing");
        Level oursBefore = ours.getLevel();
        JamesLog.root().setLevel(Level.DEBUG);
        ours.setLevel(Level.TRACE);
        try (ReceivingServer receiver = ReceivingServer.start()) {
            receiver.offer("AUTH PLAIN LOGIN", "PIPELINING", "8BITMIME");
            receiver.answer(Stage.AUTH, "", Answer.reply("535 5.7.8 wrong password"), 1);
            JamesSetup setup = JamesSetup.james()
                    .outgoing("<relayHosts>127.0.0.1:" + receiver.port() + "</relayHosts>" + CREDENTIALS
                            + "<cleartextAuth>true</cleartextAuth><resendDelays>1s</resendDelays>");
            try (JamesServer james = JamesServer.start(setup)) {
                james.send("alice@james.test", "bob@example.org");
                soon().untilAsserted(() ->
                        assertThat(receiver.mailsTo("bob@example.org")).hasSize(1));
            }
            assertThat(receiver.connections().stream()
                            .flatMap(connection -> connection.commands().stream())
                            .filter(command -> command.line().startsWith("AUTH ")))
                    .as("the password was used")
                    .hasSizeGreaterThan(1);
        } finally {
            JamesLog.root().setLevel(before);
            ours.setLevel(oursBefore);
        }
        assertNoPassword();
    }

    private static Throwable startFails(JamesSetup setup) {
        Throwable thrown = catchThrowable(() -> JamesServer.start(setup).close());
        assertThat(thrown).as("James starts").isNotNull();
        return thrown;
    }

    /** Neither as it is nor as AUTH sends it. */
    private void assertNoPassword() {
        String plain = Base64.getEncoder().encodeToString(("\0james\0" + PASSWORD).getBytes(StandardCharsets.UTF_8));
        String login = Base64.getEncoder().encodeToString(PASSWORD.getBytes(StandardCharsets.UTF_8));
        assertThat(log.everything()).doesNotContain(PASSWORD, plain, login);
    }
}
