/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.delivering;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jamesoutgoing.testing.JamesServer;

/** A user who sends mail by JMAP (RFC 8621 §7.5). Its subject is "by JMAP". */
record JmapUser(JamesServer james, String address, String password) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Sends one mail to all of them. */
    void submit(String... recipients) throws Exception {
        submit(List.of(List.of(recipients)));
    }

    /** Sends a mail to each of them, all in one request. */
    void submitToEach(List<String> recipients) throws Exception {
        submit(recipients.stream().map(List::of).toList());
    }

    private void submit(List<List<String>> envelopes) throws Exception {
        String account = account();
        String email = draft(account);
        String submissions = IntStream.range(0, envelopes.size())
                .mapToObj(i ->
                        "'submission%d': {'emailId': '%s', 'envelope': {'mailFrom': {'email': '%s'}, 'rcptTo': [%s]}}"
                                .formatted(i, email, address, addresses(envelopes.get(i))))
                .collect(Collectors.joining(", "));
        JsonNode submitted =
                call("EmailSubmission/set", "{'accountId': '%s', 'create': {%s}}".formatted(account, submissions));
        assertThat(submitted.at("/created")).as(submitted.toString()).hasSize(envelopes.size());
    }

    private static String addresses(List<String> recipients) {
        return recipients.stream()
                .map(recipient -> "{'email': '" + recipient + "'}")
                .collect(Collectors.joining(", "));
    }

    private String draft(String account) throws Exception {
        String mailbox = call("Mailbox/get", "{'accountId': '%s', 'ids': null}".formatted(account))
                .at("/list/0/id")
                .asText();
        return call(
                        "Email/set",
                        """
                        {'accountId': '%s', 'create': {'draft': {
                          'mailboxIds': {'%s': true},
                          'from': [{'email': '%s'}],
                          'to': [{'email': 'friends@example.org'}],
                          'subject': 'by JMAP',
                          'textBody': [{'partId': 'text', 'type': 'text/plain'}],
                          'bodyValues': {'text': {'value': 'Hello.'}}}}}"""
                                .formatted(account, mailbox, address))
                .at("/created/draft/id")
                .asText();
    }

    private String account() throws Exception {
        String credentials =
                Base64.getEncoder().encodeToString((address + ":" + password).getBytes(StandardCharsets.UTF_8));
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + james.jmapPort() + "/jmap/session"))
                .header("Authorization", "Basic " + credentials)
                .header("Accept", "application/json; jmapVersion=rfc-8621")
                .build();
        String session = HttpClient.newHttpClient()
                .send(request, BodyHandlers.ofString())
                .body();
        return JSON.readTree(session)
                .get("primaryAccounts")
                .get("urn:ietf:params:jmap:mail")
                .asText();
    }

    /** One method call; its answer. */
    private JsonNode call(String method, String arguments) throws Exception {
        String body =
                """
                {'using': ['urn:ietf:params:jmap:core', 'urn:ietf:params:jmap:mail', 'urn:ietf:params:jmap:submission'],
                 'methodCalls': [['%s', %s, 'c1']]}"""
                        .formatted(method, arguments)
                        .replace('\'', '"');
        String answer = james.jmap(address, password, body).body();
        JsonNode response = JSON.readTree(answer).at("/methodResponses/0");
        assertThat(response.at("/0").asText()).as(answer).isEqualTo(method);
        return response.get(1);
    }
}
