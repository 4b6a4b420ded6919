/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.testing;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** One connection of a {@link ReceivingServer}, on its thread. */
final class ReceivingSession implements Runnable {

    private static final Pattern PATH = Pattern.compile("(?i)(?:FROM|TO):\\s*<([^>]*)>\\s*(.*)");

    private static final String NO_RECIPIENTS = "503 5.5.1 no valid recipients";

    private final ReceivingServer server;
    private final ReceivingConnection connection;
    private Socket socket;
    private InputStream in;
    private OutputStream out;

    private String sender;
    private String senderParameters = "";
    private final List<String> recipients = new ArrayList<>();
    private final ByteArrayOutputStream chunks = new ByteArrayOutputStream();

    /** The script said so: the connection ends here. */
    private static final class Dropped extends IOException {
        private static final long serialVersionUID = 1;
    }

    ReceivingSession(ReceivingServer server, ReceivingConnection connection, Socket socket) {
        this.server = server;
        this.connection = connection;
        this.socket = socket;
    }

    @Override
    public void run() {
        try {
            socket.setTcpNoDelay(true);
            use(socket);
            if (server.implicitTls() != null) {
                encrypt(server.implicitTls());
            }
            answer(Stage.GREETING, connection.client().getHostAddress());
            boolean more = true;
            while (more) {
                String line = readLine();
                connection.command(line);
                server.line("C: " + line);
                more = handle(line);
            }
        } catch (IOException e) {
            // the client went away, or the script dropped it
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            connection.closed();
            closeQuietly();
        }
    }

    private boolean handle(String line) throws IOException, InterruptedException {
        String verb = line.split("[ :]", -1)[0].toUpperCase(Locale.ROOT);
        String argument = line.substring(Math.min(line.length(), verb.length() + 1));
        switch (verb) {
            case "EHLO", "HELO" -> ehlo(verb, argument);
            case "STARTTLS" -> startTls();
            case "AUTH" -> auth(argument);
            case "MAIL" -> mail(argument);
            case "RCPT" -> rcpt(argument);
            case "DATA" -> data();
            case "BDAT" -> bdat(argument);
            case "RSET" -> {
                reset();
                answer(Stage.RSET, "");
            }
            case "NOOP" -> answer(Stage.NOOP, argument);
            case "QUIT" -> {
                answer(Stage.QUIT, "");
                return false;
            }
            default -> answer(Stage.OTHER, line);
        }
        return true;
    }

    private void ehlo(String verb, String name) throws IOException, InterruptedException {
        reset();
        List<String> lines = new ArrayList<>(List.of("receiver.test"));
        if (verb.equals("EHLO")) {
            lines.addAll(server.extensions());
            if (server.tls() != null && !connection.encrypted()) {
                lines.add("STARTTLS");
            }
        }
        StringBuilder reply = new StringBuilder();
        for (int i = 0; i < lines.size(); i++) {
            reply.append(i == 0 ? "" : "\n")
                    .append(i == lines.size() - 1 ? "250 " : "250-")
                    .append(lines.get(i));
        }
        answer(Stage.EHLO, name, reply.toString());
    }

    private void startTls() throws IOException, InterruptedException {
        if (server.tls() == null) {
            say("502 5.5.1 not offered");
        } else if (answer(Stage.STARTTLS, "")) {
            encrypt(server.tls());
        }
    }

    private void encrypt(SSLContext context) throws IOException {
        SSLSocket encrypted = (SSLSocket) context.getSocketFactory()
                .createSocket(socket, socket.getInetAddress().getHostAddress(), socket.getPort(), true);
        encrypted.setUseClientMode(false);
        encrypted.startHandshake();
        use(encrypted);
        connection.becameEncrypted();
    }

    /** Takes PLAIN and LOGIN in any of their forms, and any password; the lines are recorded as commands. */
    private void auth(String argument) throws IOException, InterruptedException {
        String[] words = argument.split(" ", -1);
        int missing = words[0].equalsIgnoreCase("LOGIN") ? 3 - words.length : 2 - words.length;
        for (int i = 0; i < missing; i++) {
            say("334 ");
            String line = readLine();
            connection.command(line);
            if (line.equals("*")) {
                say("501 5.7.0 cancelled");
                return;
            }
        }
        answer(Stage.AUTH, argument);
    }

    private void mail(String argument) throws IOException, InterruptedException {
        Matcher path = PATH.matcher(argument);
        if (!path.matches() || sender != null) {
            say(sender != null ? "503 5.5.1 one sender is enough" : "501 5.5.2 syntax");
        } else if (answer(Stage.MAIL, argument)) {
            sender = path.group(1);
            senderParameters = path.group(2);
        }
    }

    private void rcpt(String argument) throws IOException, InterruptedException {
        Matcher path = PATH.matcher(argument);
        if (!path.matches() || sender == null) {
            say(sender == null ? "503 5.5.1 MAIL first" : "501 5.5.2 syntax");
        } else if (answer(Stage.RCPT, argument)) {
            recipients.add(path.group(1));
        }
    }

    private void data() throws IOException, InterruptedException {
        Answer answer = server.script().answer(Stage.DATA, "");
        boolean usual = answer instanceof Answer.Accept;
        give(answer, recipients.isEmpty() ? NO_RECIPIENTS : Stage.DATA.usualReply());
        if (usual ? recipients.isEmpty() : !accepts(answer)) {
            return;
        }
        byte[] wire = readToFinalDot();
        if (recipients.isEmpty()) { // told to say 354 all the same (RFC 2920 §3.1)
            reset();
            say(NO_RECIPIENTS);
        } else {
            complete(unstuff(wire), wire);
        }
    }

    private void bdat(String argument) throws IOException, InterruptedException {
        String[] words = argument.trim().split(" +", -1);
        byte[] chunk = in.readNBytes(Integer.parseInt(words[0]));
        chunks.write(chunk);
        boolean last = words.length > 1 && words[1].equalsIgnoreCase("LAST");
        if (recipients.isEmpty()) {
            say(NO_RECIPIENTS);
        } else if (last) {
            complete(chunks.toByteArray(), chunks.toByteArray());
        } else {
            say("250 2.0.0 " + chunk.length + " octets");
        }
    }

    private void complete(byte[] content, byte[] wire) throws IOException, InterruptedException {
        Answer answer = server.script().answer(Stage.MESSAGE, sender + " " + String.join(" ", recipients));
        boolean accepted = accepts(answer);
        server.record(new ReceivedMail(
                connection.number(),
                sender,
                senderParameters,
                List.copyOf(recipients),
                content,
                wire,
                accepted,
                Instant.now()));
        reset();
        give(answer, Stage.MESSAGE.usualReply());
    }

    private void reset() {
        sender = null;
        senderParameters = "";
        recipients.clear();
        chunks.reset();
    }

    /** Answers as the script says; true when that was the usual, positive answer. */
    private boolean answer(Stage stage, String argument) throws IOException, InterruptedException {
        return answer(stage, argument, stage.usualReply());
    }

    private boolean answer(Stage stage, String argument, String usual) throws IOException, InterruptedException {
        Answer answer = server.script().answer(stage, argument);
        give(answer, usual);
        return accepts(answer);
    }

    private void give(Answer answer, String usual) throws IOException, InterruptedException {
        if (answer instanceof Answer.Accept) {
            say(usual);
        } else if (answer instanceof Answer.Reply reply) {
            say(reply.text());
        } else if (answer instanceof Answer.ReplyAndDrop last) {
            say(last.text());
            flush();
            throw new Dropped();
        } else if (answer instanceof Answer.After after) {
            flush();
            Thread.sleep(after.delay().toMillis());
            give(after.then(), usual);
        } else if (answer instanceof Answer.When when) {
            flush();
            when.happened().await();
            give(when.then(), usual);
        } else if (answer instanceof Answer.Stall) {
            flush();
            while (in.read() >= 0) {
                // swallows what comes until the client gives up
            }
            throw new Dropped();
        } else {
            flush();
            throw new Dropped();
        }
    }

    private static boolean accepts(Answer answer) {
        if (answer instanceof Answer.After after) {
            return accepts(after.then());
        }
        if (answer instanceof Answer.When when) {
            return accepts(when.then());
        }
        return answer instanceof Answer.Accept
                || (answer instanceof Answer.Reply reply && reply.text().matches("(?s)[23].*"));
    }

    private void say(String reply) throws IOException {
        for (String line : reply.split("\n", -1)) {
            out.write((line + "\r\n").getBytes(StandardCharsets.UTF_8));
            server.line("S: " + line);
        }
        if (in.available() == 0) { // replies to a pipelined group leave together
            flush();
        }
    }

    private void flush() throws IOException {
        out.flush();
    }

    private String readLine() throws IOException {
        flush();
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int last = -1;
        while (true) {
            int b = in.read();
            if (b < 0) {
                throw new EOFException();
            }
            if (b == '\n' && last == '\r') {
                byte[] bytes = line.toByteArray();
                return new String(bytes, 0, bytes.length - 1, StandardCharsets.UTF_8);
            }
            line.write(b);
            last = b;
        }
    }

    /** Only CRLF.CRLF ends a message (RFC 5321 §4.1.1.4); bare CR and LF are kept for the test to find. */
    private byte[] readToFinalDot() throws IOException {
        flush();
        byte[] end = {'\r', '\n', '.', '\r', '\n'};
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int matched = 2; // the message starts at the start of a line
        while (matched < end.length) {
            int b = in.read();
            if (b < 0) {
                throw new EOFException();
            }
            bytes.write(b);
            if (b == end[matched]) {
                matched++;
            } else {
                matched = b == '\r' ? 1 : 0;
            }
        }
        byte[] all = bytes.toByteArray();
        return Arrays.copyOf(all, all.length - 3);
    }

    private static byte[] unstuff(byte[] wire) {
        ByteArrayOutputStream content = new ByteArrayOutputStream(wire.length);
        for (int i = 0; i < wire.length; i++) {
            boolean lineStart = i == 0 || (i > 1 && wire[i - 1] == '\n' && wire[i - 2] == '\r');
            if (!(lineStart && wire[i] == '.')) {
                content.write(wire[i]);
            }
        }
        return content.toByteArray();
    }

    private void use(Socket newSocket) throws IOException {
        socket = newSocket;
        in = new BufferedInputStream(newSocket.getInputStream());
        out = new BufferedOutputStream(newSocket.getOutputStream());
    }

    private void closeQuietly() {
        try {
            socket.close();
        } catch (IOException e) {
            // it is gone
        }
    }
}
