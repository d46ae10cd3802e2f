package io.threescale.spring.documentation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import javax.tools.Diagnostic;
import javax.tools.Diagnostic.Kind;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.StandardLocation;
import javax.tools.ToolProvider;

import io.threescale.spring.documentation.Page.Block;

/**
 * Compiles Java of the pages, with what tests have on their class path.
 */
final class SnippetCompiler {

	private static final Pattern PACKAGE = Pattern.compile("(?m)^package ([\\w.]+);$");

	private static final Pattern TYPE = Pattern.compile("(?m)^(?:\\w+ )*?@?(?:class|interface|record|enum) (\\w+)");

	private SnippetCompiler() {
	}

	/**
	 * Compile all at once.
	 * @param blocks each a whole file; without a package, it gets one of its own
	 * @param classes where to put the classes
	 * @return what is wrong, warnings too
	 */
	static List<String> compile(List<Block> blocks, Path classes) {
		JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
		DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();
		try (StandardJavaFileManager files = compiler.getStandardFileManager(diagnostics, null, null)) {
			files.setLocationFromPaths(StandardLocation.CLASS_OUTPUT, List.of(classes));
			compiler
				.getTask(null, files, diagnostics,
						List.of("--release", "17", "-proc:none", "-parameters",
								"-Xlint:all,-serial,-processing,-classfile,-try"),
						null, blocks.stream().map(Source::new).toList())
				.call();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return diagnostics.getDiagnostics()
			.stream()
			.filter((diagnostic) -> diagnostic.getKind() != Kind.NOTE && diagnostic.getSource() instanceof Source)
			.map(SnippetCompiler::describe)
			.toList();
	}

	private static String describe(Diagnostic<? extends JavaFileObject> diagnostic) {
		return ((Source) diagnostic.getSource()).block + ", line " + (diagnostic.getLineNumber()) + ": "
				+ diagnostic.getMessage(null);
	}

	private static final class Source extends SimpleJavaFileObject {

		private final Block block;

		Source(Block block) {
			super(URI.create("snippet:///" + packageOf(block).replace('.', '/') + "/" + type(block) + ".java"),
					Kind.SOURCE);
			this.block = block;
		}

		private static String packageOf(Block block) {
			Matcher matcher = PACKAGE.matcher(block.text());
			return matcher.find() ? matcher.group(1)
					: "snippets." + block.page().toString().replaceAll("\\W", "_") + "_" + block.number();
		}

		private static String type(Block block) {
			Matcher matcher = TYPE.matcher(block.text());
			if (!matcher.find()) {
				throw new IllegalStateException(block + " is no whole file: it has no type");
			}
			return matcher.group(1);
		}

		@Override
		public CharSequence getCharContent(boolean ignoreEncodingErrors) {
			return PACKAGE.matcher(this.block.text()).find() ? this.block.text()
					: "package " + packageOf(this.block) + "; " + this.block.text();
		}

	}

}
