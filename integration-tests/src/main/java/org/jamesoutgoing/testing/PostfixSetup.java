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
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How a {@link PostfixServer} is set up: takes mail for any address and delivers it into one mail directory, and what a
 * test asks for beyond that. Unless told otherwise it offers what Postfix offers by itself, TLS, AUTH and SMTPUTF8 excepted.
 *
 * <pre>{@code
 * PostfixSetup.postfix().tls(Certificate.forLocalhost()).sasl("james", "secret").start()
 * }</pre>
 */
public final class PostfixSetup {

    /** Those that {@code postfix check} wants, without local delivery, which nothing here uses. */
    private static final List<String> SERVICES = List.of(
            "pickup unix n - n 60 1 pickup",
            "cleanup unix n - n - 0 cleanup",
            "qmgr unix n - n 300 1 qmgr",
            "tlsmgr unix - - n 1000? 1 tlsmgr",
            "rewrite unix - - n - - trivial-rewrite",
            "bounce unix - - n - 0 bounce",
            "defer unix - - n - 0 bounce",
            "trace unix - - n - 0 bounce",
            "verify unix - - n - 1 verify",
            "flush unix n - n 1000? 0 flush",
            "proxymap unix - - n - - proxymap",
            "smtp unix - - n - - smtp",
            "showq unix n - n - - showq",
            "error unix - - n - - error",
            // Takes mail and then returns it; mail for the transport named "error" is refused beforehand.
            "undeliverable unix - n n - - pipe user=nobody argv=/bin/false",
            "retry unix - - n - - error",
            "discard unix - - n - - discard",
            "virtual unix - n n - - virtual",
            "anvil unix - - n - 1 anvil",
            "scache unix - - n - 1 scache",
            "postlog unix-dgram n - n - 1 postlogd");

    private final Map<String, String> parameters = new LinkedHashMap<>();
    private final Map<String, String> files = new LinkedHashMap<>();
    private final Map<String, String> users = new LinkedHashMap<>();
    private String address = "127.0.0.1";
    private int port = FreePort.choose();
    private boolean implicitTls;

    /** Listens on 127.0.0.1, on a free port. */
    public static PostfixSetup postfix() {
        return new PostfixSetup();
    }

    private PostfixSetup() {}

    public PostfixSetup listenOn(String newAddress, int newPort) {
        address = newAddress;
        port = newPort;
        return this;
    }

    /** Sets a parameter of {@code main.cf}; {@code %d} is the server's own directory. */
    public PostfixSetup with(String parameter, String value) {
        parameters.put(parameter, value);
        return this;
    }

    /** What {@code EHLO} would offer but is not to, such as {@code chunking}. */
    public PostfixSetup without(String... keywords) {
        return with("smtpd_discard_ehlo_keywords", String.join(", ", keywords));
    }

    /** Offers STARTTLS; a mail's {@code Received} field tells whether it was used, and what certificate the client showed. */
    public PostfixSetup tls(Certificate certificate) {
        files.put("server.pem", certificate.keyPem() + certificate.certificatePem());
        return with("smtpd_tls_security_level", "may")
                .with("smtpd_tls_chain_files", "%d/conf/server.pem")
                .with("smtpd_tls_received_header", "yes")
                .with("smtpd_tls_loglevel", "1");
    }

    /** TLS from the first octet, as on port 465. */
    public PostfixSetup implicitTls(Certificate certificate) {
        implicitTls = true;
        return tls(certificate).with("smtpd_tls_wrappermode", "yes");
    }

    /** After {@link #tls}: no client gets further without this certificate. */
    public PostfixSetup requireClientCertificate(Certificate client) {
        files.put("clients.pem", client.certificatePem());
        return with("smtpd_tls_security_level", "encrypt")
                .with("smtpd_tls_req_ccert", "yes")
                .with("smtpd_tls_CAfile", "%d/conf/clients.pem");
    }

    /** Offers AUTH PLAIN, LOGIN and CRAM-MD5, under TLS only where there is TLS, and takes no mail without it. */
    public PostfixSetup sasl(String user, String password) {
        users.put(user, password);
        files.put(
                "sasl/smtpd.conf", // where Debian's looks, whatever the parameter says
                """
                pwcheck_method: auxprop
                auxprop_plugin: sasldb
                sasldb_path: %d/conf/sasldb2
                mech_list: PLAIN LOGIN CRAM-MD5
                """);
        return with("smtpd_sasl_auth_enable", "yes")
                .with("cyrus_sasl_config_path", "%d/conf/sasl")
                .with("smtpd_sasl_local_domain", "postfix.test")
                .with("smtpd_sasl_authenticated_header", "yes")
                .with("smtpd_tls_auth_only", files.containsKey("server.pem") ? "yes" : "no")
                .with("smtpd_relay_restrictions", "permit_sasl_authenticated, reject");
    }

    public PostfixServer start() throws IOException {
        return PostfixServer.start(this);
    }

    String address() {
        return address;
    }

    int port() {
        return port;
    }

    boolean asksForPasswords() {
        return !users.isEmpty();
    }

    boolean greetsInPlaintext() {
        return !implicitTls;
    }

    void writeTo(Path directory, RecipientPolicy policy) throws IOException {
        // Postfix's own user must be able to pass; what is secret lies deeper.
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        for (String name : List.of("conf", "queue", "data", "log", "mail")) {
            Files.createDirectory(directory.resolve(name));
        }
        ChildProcess.run("chown", "postfix", directory.resolve("data").toString());
        ChildProcess.run("chown", "nobody", directory.resolve("mail").toString());
        Path conf = directory.resolve("conf");
        for (Map.Entry<String, String> file : files.entrySet()) {
            Path path = conf.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.writeString(path, in(directory, file.getValue()));
        }
        for (Map.Entry<String, String> user : users.entrySet()) {
            SaslUsers.add(conf.resolve("sasldb2"), "postfix.test", user.getKey(), user.getValue());
        }
        Files.writeString(conf.resolve("main.cf"), mainCf(directory, policy));
        String listener = (address.contains(":") ? "[" + address + "]" : address) + ":" + port;
        Files.writeString(
                conf.resolve("master.cf"), listener + " inet n - n - - smtpd\n" + String.join("\n", SERVICES) + "\n");
    }

    private String mainCf(Path directory, RecipientPolicy policy) {
        Map<String, String> all = new LinkedHashMap<>(defaults(policy));
        all.putAll(parameters);
        StringBuilder mainCf = new StringBuilder();
        all.forEach((name, value) ->
                mainCf.append(name).append(" = ").append(in(directory, value)).append('\n'));
        return mainCf.toString();
    }

    private static Map<String, String> defaults(RecipientPolicy policy) {
        Map<String, String> defaults = new LinkedHashMap<>();
        String lines =
                """
                compatibility_level = 3.6
                queue_directory = %d/queue
                data_directory = %d/data
                maillog_file = %d/log/postfix.log
                maillog_file_prefixes = %d
                myhostname = postfix.test
                mydestination =
                mynetworks =
                inet_interfaces = all
                alias_maps =
                alias_database =
                local_recipient_maps =
                smtputf8_enable = no
                smtpd_relay_restrictions = reject_unauth_destination
                smtpd_recipient_restrictions = check_policy_service { inet:127.0.0.1:POLICY, timeout=300s }, permit
                smtpd_peername_lookup = no
                smtpd_client_connection_rate_limit = 0
                smtpd_client_connection_count_limit = 0
                smtpd_error_sleep_time = 0
                smtpd_junk_command_limit = 1000
                # Every address is one of ours, and every mailbox exists.
                virtual_mailbox_domains = static:all
                virtual_mailbox_base = %d/mail
                virtual_mailbox_maps = static:all/
                virtual_uid_maps = static:65534
                virtual_gid_maps = static:65534
                virtual_mailbox_limit = 0
                virtual_transport = virtual
                """;
        lines.lines().filter(line -> !line.startsWith("#")).forEach(line -> {
            String[] parts = line.split(" =", 2);
            defaults.put(parts[0], parts[1].strip().replace("POLICY", Integer.toString(policy.port())));
        });
        return defaults;
    }

    private static String in(Path directory, String text) {
        return text.replace("%d", directory.toString());
    }
}
