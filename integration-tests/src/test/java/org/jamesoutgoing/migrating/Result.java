/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.migrating;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.mail.internet.MimeMessage;
import org.jamesoutgoing.migrating.Recorder.Recorded;
import org.jamesoutgoing.testing.ReceivedMail;
import org.jamesoutgoing.testing.ReceivingConnection;
import org.jamesoutgoing.testing.ReceivingServer;

/** What came of a scenario on one side. */
final class Result {

    private final Side side;
    private final Setup setup;
    private final Map<String, ReceivingServer> servers;
    private final List<List<String>> kept;
    private final List<String> inbox = new ArrayList<>();

    /**
     * What came of it.
     *
     * @param servers by name
     * @param kept the recipients of each mail that {@code ToRepository} has kept
     */
    Result(
            Side side,
            Setup setup,
            Map<String, ReceivingServer> servers,
            List<List<String>> kept,
            List<MimeMessage> inbox)
            throws Exception {
        this.side = side;
        this.setup = setup;
        this.servers = servers;
        this.kept = kept;
        for (MimeMessage message : inbox) {
            ByteArrayOutputStream octets = new ByteArrayOutputStream();
            message.writeTo(octets);
            this.inbox.add(octets.toString(StandardCharsets.UTF_8));
        }
    }

    Map<Facet, String> facets() {
        Map<Facet, Stream<String>> facets = new EnumMap<>(Facet.class);
        facets.put(Facet.FATE, setup.recipients().keySet().stream().map(this::fate));
        facets.put(
                Facet.COPIES,
                accepted().map(mail -> mail.server() + " " + sorted(mail.mail().recipients())));
        facets.put(
                Facet.MAIL,
                commands("MAIL").map(line -> line.replaceAll(" SIZE=\\d+", "")).distinct());
        // Where nothing was accepted they may have gone along with MAIL (RFC 2920).
        facets.put(
                Facet.RCPT, accepted().findAny().isPresent() ? commands("RCPT").distinct() : Stream.empty());
        facets.put(Facet.CONTENT, accepted().map(mail -> content(mail.mail())).distinct());
        facets.put(Facet.SESSION, connections().map(Result::session).distinct());
        facets.put(Facet.TRIES, servers.entrySet().stream().map(each -> each.getKey() + " " + tries(each.getValue())));
        facets.put(Facet.ERROR, bounced(Recorded::error));
        facets.put(Facet.CODE, Stream.concat(bounced(Recorded::code), matched("550")));
        facets.put(
                Facet.PERMANENT,
                Stream.concat(bounced(Recorded::permanent), Stream.concat(matched("permanent"), matched("temporary"))));
        facets.put(
                Facet.BOUNCES, recorded("bounced").map(mail -> mail.recipients().toString()));
        facets.put(Facet.SUCCESSES, recorded("succeeded").flatMap(mail -> mail.recipients().stream()));
        facets.put(Facet.REPOSITORY, kept.stream().filter(this::isOfThis).map(Object::toString));
        facets.put(Facet.INBOX, inbox.stream().map(this::form));
        return facets.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey,
                        each -> side.unmarked(each.getValue().sorted().collect(Collectors.joining("\n"))),
                        (one, other) -> one,
                        () -> new EnumMap<>(Facet.class)));
    }

    private String fate(String recipient) {
        long delivered = accepted()
                .filter(mail -> mail.mail().recipients().contains(recipient))
                .count();
        long bounced = recorded("bounced")
                .filter(mail -> mail.recipients().contains(recipient))
                .count();
        long told =
                inbox.stream().filter(text -> told(text).contains(recipient)).count();
        return recipient + " delivered " + delivered + ", bounced " + bounced + ", told " + told;
    }

    private record Accepted(String server, ReceivedMail mail) {}

    private Stream<Accepted> accepted() {
        return servers.entrySet().stream().flatMap(each -> each.getValue().mails().stream()
                .filter(ReceivedMail::accepted)
                .map(mail -> new Accepted(each.getKey(), mail)));
    }

    private Stream<ReceivingConnection> connections() {
        return servers.values().stream().flatMap(server -> server.connections().stream());
    }

    private Stream<String> commands(String verb) {
        return connections().flatMap(Result::lines).filter(line -> line.startsWith(verb));
    }

    private static Stream<String> lines(ReceivingConnection connection) {
        return connection.commands().stream().map(ReceivingConnection.Command::line);
    }

    private static String session(ReceivingConnection connection) {
        String names = lines(connection)
                .filter(line -> line.matches("(EHLO|HELO) .*"))
                .distinct()
                .collect(Collectors.joining(","));
        boolean authenticates = lines(connection).anyMatch(line -> line.startsWith("AUTH"));
        return connection.client().getHostAddress() + " " + names + (connection.encrypted() ? " TLS" : "")
                + (authenticates ? " AUTH" : "");
    }

    private static long tries(ReceivingServer server) {
        long mails = server.connections().stream()
                .flatMap(Result::lines)
                .filter(line -> line.startsWith("MAIL"))
                .count();
        return mails > 0 ? mails : server.connections().size();
    }

    /** James writes {@code Received} itself, and we {@code X-Way}. */
    private static String content(ReceivedMail mail) {
        return mail.text()
                .replaceAll("(?m)^Received:[^\r]*\r\n(?:[ \t][^\r]*\r\n)*", "")
                .replaceAll("(?m)^X-Way:[^\r]*\r\n", "");
    }

    private Stream<Recorded> recorded(String as) {
        return Recorder.RECORDED.stream().filter(mail -> mail.as().equals(as) && isOfThis(mail.recipients()));
    }

    private Stream<String> bounced(Function<Recorded, String> attribute) {
        return recorded("bounced")
                .flatMap(mail -> mail.recipients().stream().map(recipient -> recipient + " " + attribute.apply(mail)));
    }

    private Stream<String> matched(String matcher) {
        return recorded(matcher).map(mail -> "matched " + matcher + " " + mail.recipients());
    }

    private boolean isOfThis(List<String> recipients) {
        Predicate<String> isHere = recipient -> setup.recipients().containsKey(recipient);
        return recipients.stream().anyMatch(isHere);
    }

    private String form(String text) {
        return (text.contains("multipart/report") ? "a DSN about " : "a text about ") + told(text);
    }

    private List<String> told(String text) {
        return setup.recipients().keySet().stream()
                .filter(text::contains)
                .sorted()
                .toList();
    }

    private static List<String> sorted(List<String> all) {
        return all.stream().sorted().toList();
    }
}
