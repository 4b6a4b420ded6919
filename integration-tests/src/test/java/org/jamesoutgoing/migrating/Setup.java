/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.migrating;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jamesoutgoing.testing.Stage;
import org.xbill.DNS.Type;

/** A scenario for one side: parameters, mail, mail servers, DNS. Without more: one mail for Bob, one exchanger. */
final class Setup {

    private static final String USUAL = "<delayTime>100 msec</delayTime><maxRetries>2</maxRetries>";

    private static final String PROCESSORS =
            "<bounceProcessor>bounced</bounceProcessor><onSuccess>succeeded</onSuccess>";

    static final String PASSWORD = "<gatewayUsername>user</gatewayUsername><gatewayPassword>secret</gatewayPassword>";

    static final String TRUSTED_TLS = "<startTLS>true</startTLS><verifyServerIdentity>false</verifyServerIdentity>"
            + "<mail.smtp.ssl.trust>*</mail.smtp.ssl.trust>";

    private final Scenario scenario;
    private final int number;
    private final Side side;
    private final Map<Integer, Host> hosts = new TreeMap<>();
    private final Zone zone;
    private final Map<String, String> recipients = new LinkedHashMap<>();
    private String schedule = USUAL;
    private String processors = PROCESSORS;
    private String parameters = "";
    private String mailParameters = "";
    private String sender;
    private String body = "Hello.\r\n";
    private boolean exchangers = true;

    /** @param number of the scenario, from 1 to 254 */
    Setup(Scenario scenario, int number, Side side, Zone zone) {
        this.number = number;
        this.scenario = scenario;
        this.side = side;
        this.zone = zone;
        this.sender = name() + "-" + side.word() + "@james.test";
        host(1);
    }

    String name() {
        return scenario.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    String domain() {
        return name() + "." + side.word() + ".test";
    }

    // ---- mail servers and DNS

    /** The exchanger of this preference; {@code mx1} is there in any case. */
    Host host(int preference) {
        return hosts.computeIfAbsent(preference, n -> new Host("mx" + n + "." + domain(), side.address(number, n)));
    }

    /** The domain has no MX of these hosts. */
    Setup withoutExchangers() {
        exchangers = false;
        return this;
    }

    /** By the address of {@code mx1}: with TLS or a password, RemoteDelivery looks names up not in DNS but as Java does. */
    Setup viaGateway() {
        return withoutExchangers().with("<gateway>" + host(1).address() + "</gateway>");
    }

    Setup record(String name, int type, String data) {
        zone.add(name, type, data);
        return this;
    }

    /** DNS fails for the domain. */
    Setup dnsFails() {
        zone.fail(domain());
        return withoutExchangers();
    }

    Setup says(Stage stage, String reply) {
        host(1).says(stage, reply);
        return this;
    }

    Setup saysOnce(Stage stage, String reply) {
        host(1).saysOnce(stage, reply);
        return this;
    }

    Setup says(Stage stage, String to, String reply) {
        host(1).says(stage, to, reply);
        return this;
    }

    Setup saysOnce(Stage stage, String to, String reply) {
        host(1).saysOnce(stage, to, reply);
        return this;
    }

    Setup dropsOnce(Stage stage) {
        host(1).dropsOnce(stage);
        return this;
    }

    void registerHosts() {
        hosts.forEach((preference, host) -> {
            zone.add(host.name(), Type.A, host.address());
            if (exchangers) {
                zone.add(domain(), Type.MX, preference * 10 + " " + host.name() + ".");
            }
        });
    }

    List<Host> hosts() {
        return List.copyOf(hosts.values());
    }

    // ---- parameters

    Setup with(String xml) {
        parameters += xml;
        return this;
    }

    Setup schedule(String xml) {
        schedule = xml;
        return this;
    }

    /** Without bounceProcessor and onSuccess: the sender is told. */
    Setup tellsSender() {
        return processors("");
    }

    Setup processors(String xml) {
        processors = xml;
        return this;
    }

    boolean hasInbox() {
        return !processors.contains("<bounceProcessor>bounced<");
    }

    String parameters() {
        return schedule + processors + parameters + side.more();
    }

    // ---- the mail

    Setup to(String... localParts) {
        for (String localPart : localParts) {
            toWith(localPart, "");
        }
        return this;
    }

    /** With parameters of {@code RCPT}. */
    Setup toWith(String localPart, String rcptParameters) {
        recipients.put(localPart + "@" + domain(), rcptParameters);
        return this;
    }

    Setup toElsewhere(String address) {
        recipients.put(address, "");
        return this;
    }

    Setup mailParameters(String ofMail) {
        mailParameters = ofMail;
        return this;
    }

    Setup fromNobody() {
        sender = "";
        return this;
    }

    Setup body(String text) {
        body = text;
        return this;
    }

    String sender() {
        return sender;
    }

    String mailParameters() {
        return mailParameters;
    }

    /** Address to parameters of {@code RCPT}. */
    Map<String, String> recipients() {
        return recipients.isEmpty() ? Map.of("bob@" + domain(), "") : recipients;
    }

    /** @param way chooses the mailet */
    String message(String way) {
        return "From: <sender@james.test>\r\nX-Way: " + way + "\r\nMessage-ID: <" + name()
                + "@james.test>\r\nDate: Sun, 1 Mar 2026 12:00:00 +0000\r\nMIME-Version: 1.0\r\n"
                + "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\nSubject: test\r\n\r\n"
                + body;
    }
}
