/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.mailets;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jamesoutgoing.settings.ValueType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * RemoteDelivery's {@code mail.smtp.*} and {@code mail.smtps.*} parameters. There is no JavaMail underneath, so each is
 * one of three: honoured, because there is a setting of the same meaning; ignored with a warning, because it changes
 * nothing a peer or an administrator could see; refused, because ignoring it would send mail another way than it says.
 */
final class JavaxMailProperties {

    private static final Logger LOGGER = LoggerFactory.getLogger(JavaxMailProperties.class);

    private static final Set<String> HONOURED = Set.of(
            "port",
            "localhost",
            "localaddress",
            "timeout",
            "connectiontimeout",
            "starttls.enable",
            "starttls.required",
            "ssl.enable",
            "ssl.checkserveridentity",
            "ssl.protocols",
            "ssl.ciphersuites",
            "ssl.trust");
    private static final Set<String> IGNORED = Set.of(
            "allow8bitmime",
            "auth",
            "auth.login.disable",
            "auth.plain.disable",
            "auth.digest-md5.disable",
            "auth.ntlm.disable",
            "auth.xoauth2.disable",
            "dsn.notify",
            "dsn.ret",
            "ehlo",
            "localport",
            "noop.strict",
            "quitwait",
            "reportsuccess",
            "sendpartial",
            "userset",
            "writetimeout");

    private record Given(String name, String value) {}

    /** By the key that both protocols share. */
    private final Map<String, Given> honoured = new LinkedHashMap<>();

    private JavaxMailProperties() {}

    /** @throws IllegalArgumentException for a property that cannot be honoured and must not be ignored */
    static JavaxMailProperties read(Parameters parameters) {
        JavaxMailProperties properties = new JavaxMailProperties();
        for (String name : parameters.startingWith("mail.")) {
            String key = name.replaceFirst("^mail\\.smtps?\\.", "");
            String value = parameters.text(name).orElseThrow();
            if (name.equals("mail.debug") || (IGNORED.contains(key) && !key.equals(name))) {
                LOGGER.warn("parameter '{}' is ignored: it has no effect here", name);
            } else if (HONOURED.contains(key) && !key.equals(name)) {
                properties.honour(key, new Given(name, value));
            } else {
                throw new IllegalArgumentException("parameter '" + name
                        + "' is not supported; allowed: the mail.smtp.* properties that README.md of James"
                        + " Outgoing lists (Migration from RemoteDelivery)");
            }
        }
        return properties;
    }

    /** One implementation speaks both protocols, so a property of both can have only one value. */
    private void honour(String key, Given given) {
        Given other = honoured.putIfAbsent(key, given);
        if (other != null && !other.value().equals(given.value())) {
            throw new IllegalArgumentException("parameters '" + other.name() + "' and '" + given.name()
                    + "' mean the same and have different values; allowed: one of them");
        }
    }

    boolean has(String key) {
        return honoured.containsKey(key);
    }

    Optional<String> get(String key) {
        return Optional.ofNullable(honoured.get(key)).map(Given::value);
    }

    /** @throws org.jamesoutgoing.settings.OptionException by the name that was used, when the value is not allowed */
    <T> Optional<T> read(String key, ValueType<T> type) {
        return Optional.ofNullable(honoured.get(key)).map(given -> type.read(given.name(), given.value()));
    }
}
