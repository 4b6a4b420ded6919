/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a James server is made of, written to a working directory: the configuration of {@code conf/} with the changes a
 * test asks for, and the drop-in JAR in {@code extensions-jars/}. What is not asked for stays as {@code conf/} has it,
 * but every port is one the system chooses, on 127.0.0.1.
 */
public final class JamesSetup {

    /** Where James keeps its spool and the outgoing queue. */
    public enum Queue {
        MEMORY,
        /** Embedded, with KahaDB in the working directory: survives a kill. */
        ACTIVEMQ
    }

    /** What James listens with. */
    public enum Protocol {
        SMTP,
        IMAP,
        WEBADMIN,
        JMAP
    }

    /** Where James keeps mail repositories, the waiting room among them. */
    public enum Repositories {
        MEMORY,
        DURABLE
    }

    /** The mailet that the harness configures; a system property puts James's own in its place. */
    public static final String MAILET =
            System.getProperty("james-outgoing.mailet", "org.jamesoutgoing.mailets.OutgoingDelivery");

    /** James's own way is to wait two seconds for each protocol when it stops. */
    private static final String AT_ONCE = "<gracefulShutdown>false</gracefulShutdown>";

    private static final Pattern OUTGOING_MAILET = Pattern.compile(
            "(<mailet match=\"All\" class=\")[\\w.]*(?:OutgoingDelivery|RemoteDelivery)\">(.*?)</mailet>",
            Pattern.DOTALL);

    /** What {@code conf/mailetcontainer.xml} has in comments for flavours with JMAP. */
    private static final Pattern WITH_JMAP = Pattern.compile("<!-- With JMAP,[^\n]*\n(.*?)\\s*-->", Pattern.DOTALL);

    private static final String JMAP_PROPERTIES =
            """
            enabled=true
            jmap.port=%d
            tls.keystoreURL=file://conf/keystore
            tls.keystoreType=PKCS12
            tls.secret=%s
            """;

    private static final String MEMORY_REPOSITORIES =
            """
            <mailrepositorystore>
              <defaultProtocol>memory</defaultProtocol>
              <mailrepositories>
                <mailrepository class="org.apache.james.mailrepository.memory.MemoryMailRepository">
                  <protocols><protocol>memory</protocol></protocols>
                </mailrepository>
              </mailrepositories>
            </mailrepositorystore>
            """;

    private static final String USER = "user.";

    private final Map<String, UnaryOperator<String>> changes = new LinkedHashMap<>();
    private final Set<Protocol> protocols = EnumSet.of(Protocol.SMTP);
    private final List<String> domains = new ArrayList<>();
    private final Map<String, String> users = new LinkedHashMap<>();
    private Queue queue = Queue.MEMORY;
    private Repositories repositories = Repositories.DURABLE;
    private Optional<Path> dropInJar = Optional.of(Repository.dropInJar());
    private boolean extensionLines = false;
    private boolean needsKeystore = false;

    /** A server with the memory queue, SMTP, no extension lines, and the domain {@code james.test}. */
    public static JamesSetup james() {
        JamesSetup setup = new JamesSetup();
        setup.domains.add("james.test");
        return setup;
    }

    private JamesSetup() {
        change("mailetcontainer.xml", text -> OUTGOING_MAILET
                .matcher(text)
                .replaceFirst(found ->
                        Matcher.quoteReplacement(found.group(1) + MAILET + "\">" + found.group(2) + "</mailet>")));
    }

    public JamesSetup queue(Queue kind) {
        queue = kind;
        return this;
    }

    public JamesSetup repositories(Repositories kind) {
        repositories = kind;
        return this;
    }

    public JamesSetup protocols(Protocol... wanted) {
        protocols.clear();
        protocols.addAll(List.of(wanted));
        return this;
    }

    public JamesSetup domain(String domain) {
        domains.add(domain);
        return this;
    }

    public JamesSetup user(String address, String password) {
        users.put(address, password);
        return this;
    }

    /** Replaces the parameters of the outgoing mailet: the XML between its tags. */
    public JamesSetup outgoing(String parameters) {
        return change("mailetcontainer.xml", text -> OUTGOING_MAILET
                .matcher(text)
                .replaceFirst(
                        found -> Matcher.quoteReplacement(found.group(1) + MAILET + "\">" + parameters + "</mailet>")));
    }

    /** James asks this DNS server (port 53) through its own {@code dnsservice.xml}. */
    public JamesSetup dnsServer(String address) {
        return file(
                "dnsservice.xml",
                """
                <dnsservice>
                  <servers><server>%s</server></servers>
                  <autodiscover>false</autodiscover>
                  <authoritative>false</authoritative>
                  <maxcachesize>50000</maxcachesize>
                </dnsservice>
                """
                        .formatted(address));
    }

    /** A smart host: relays for users who authenticate under STARTTLS, and for nobody else. */
    public JamesSetup relayForUsersOnly() {
        needsKeystore = true;
        return change("smtpserver.xml", text -> text.replaceAll(
                        "<tls [^>]*/>",
                        """
                        <tls socketTLS="false" startTLS="true">
                          <keystore>file://conf/keystore</keystore>
                          <keystoreType>PKCS12</keystoreType>
                          <secret>%s</secret>
                        </tls>
                        """
                                .formatted(Keystore.PASSWORD))
                .replaceAll("<requireSSL>[^<]*<", "<requireSSL>true<")
                .replaceAll("<authorizedAddresses>[^<]*</authorizedAddresses>", ""));
    }

    /** Stops as James does by itself, for tests of the stop; otherwise it does not wait for its protocols. */
    public JamesSetup stopsInItsOwnTime() {
        return change("smtpserver.xml", text -> text.replace(AT_ONCE, ""))
                .change("imapserver.xml", text -> text.replace(AT_ONCE, ""));
    }

    /** Sets every line that an extension can have: Guice module, routes, health check, SMTP hooks. */
    public JamesSetup withExtensionLines() {
        extensionLines = true;
        return this;
    }

    public JamesSetup withoutDropInJar() {
        dropInJar = Optional.empty();
        return this;
    }

    /** Another one than that for this James. */
    public JamesSetup dropInJar(Path jar) {
        dropInJar = Optional.of(jar);
        return this;
    }

    /** Replaces or adds a configuration file. */
    public JamesSetup file(String name, String content) {
        return change(name, text -> content);
    }

    /** Changes a configuration file's text; a file that {@code conf/} has not starts empty. */
    public JamesSetup change(String name, UnaryOperator<String> change) {
        changes.merge(name, change, (first, second) -> text -> second.apply(first.apply(text)));
        return this;
    }

    Queue queue() {
        return queue;
    }

    Map<String, String> users() {
        return users;
    }

    /** Writes configuration and JAR; what James itself left there before (queue, repositories) stays. */
    public void writeTo(Path workingDirectory) {
        try {
            Path conf = Files.createDirectories(workingDirectory.resolve("conf"));
            for (Path file : Repository.confFiles()) {
                Files.copy(file, conf.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
            }
            for (Map.Entry<String, UnaryOperator<String>> change : allChanges().entrySet()) {
                Path file = conf.resolve(change.getKey());
                String before = Files.exists(file) ? Files.readString(file) : "";
                Files.writeString(file, change.getValue().apply(before));
            }
            if (needsKeystore || protocols.contains(Protocol.JMAP)) {
                Keystore.generate(conf.resolve("keystore"));
            }
            Path jars = Files.createDirectories(workingDirectory.resolve("extensions-jars"));
            if (dropInJar.isPresent()) {
                Path jar = dropInJar.get();
                Files.copy(jar, jars.resolve(jar.getFileName()), StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException e) {
            throw new IllegalStateException("cannot set up " + workingDirectory + ": " + e.getMessage(), e);
        }
    }

    private Map<String, UnaryOperator<String>> allChanges() {
        Map<String, UnaryOperator<String>> all = new LinkedHashMap<>();
        all.put("smtpserver.xml", text -> listener(text, Protocol.SMTP));
        all.put("imapserver.xml", text -> listener(text, Protocol.IMAP));
        all.put("webadmin.properties", text -> properties(text, "port", Protocol.WEBADMIN));
        if (protocols.contains(Protocol.JMAP)) {
            // JMAP knows no "any port".
            all.put("jmap.properties", text -> JMAP_PROPERTIES.formatted(FreePort.choose(), Keystore.PASSWORD));
            all.put("mailetcontainer.xml", text -> WITH_JMAP.matcher(text).replaceAll("$1"));
        }
        all.put("domainlist.xml", text -> domainList());
        all.put("harness.properties", text -> harnessProperties());
        if (repositories == Repositories.MEMORY) {
            all.merge("mailetcontainer.xml", text -> text.replace("durable://", "memory://"), JamesSetup::then);
            all.put("mailrepositorystore.xml", text -> MEMORY_REPOSITORIES);
        }
        if (!extensionLines) {
            all.put("extensions.properties", text -> "");
            all.put("healthcheck.properties", text -> "");
            all.merge(
                    "webadmin.properties",
                    text -> text.replaceAll("(?m)^extensions\\.routes=.*$", ""),
                    JamesSetup::then);
            all.merge(
                    "smtpserver.xml",
                    text -> text.replaceAll("\\s*<handler class=\"org\\.jamesoutgoing\\.[^>]*/>", ""),
                    JamesSetup::then);
        }
        changes.forEach((name, change) -> all.merge(name, change, JamesSetup::then));
        return all;
    }

    private String harnessProperties() {
        StringBuilder lines = new StringBuilder("queue=" + queue.name() + "\n");
        users.forEach((user, password) ->
                lines.append(USER).append(user).append('=').append(password).append('\n'));
        return lines.toString();
    }

    /** The users in a file that {@link #writeTo} wrote. The memory flavour forgets them at each stop. */
    static Map<String, String> users(Properties harness) {
        Map<String, String> users = new LinkedHashMap<>();
        for (String key : harness.stringPropertyNames()) {
            if (key.startsWith(USER)) {
                users.put(key.substring(USER.length()), harness.getProperty(key));
            }
        }
        return users;
    }

    private static UnaryOperator<String> then(UnaryOperator<String> first, UnaryOperator<String> second) {
        return text -> second.apply(first.apply(text));
    }

    private String listener(String text, Protocol protocol) {
        String onAnyPort = text.replaceAll("<bind>[^<]*</bind>", "<bind>127.0.0.1:0</bind>" + AT_ONCE);
        return protocols.contains(protocol) ? onAnyPort : onAnyPort.replace("enabled=\"true\"", "enabled=\"false\"");
    }

    private String properties(String text, String portKey, Protocol protocol) {
        boolean enabled = protocols.contains(protocol);
        return text.replaceAll("(?m)^enabled=.*$", "enabled=" + enabled)
                .replaceAll("(?m)^" + Pattern.quote(portKey) + "=.*$", portKey + "=0");
    }

    private String domainList() {
        StringBuilder names = new StringBuilder();
        domains.forEach(domain -> names.append("<domainname>").append(domain).append("</domainname>"));
        return """
                <domainlist>
                  <autodetect>false</autodetect>
                  <autodetectIP>false</autodetectIP>
                  <defaultDomain>%s</defaultDomain>
                  <domainnames>%s</domainnames>
                </domainlist>
                """
                .formatted(domains.get(0), names);
    }
}
